"""Everything up to here in one step, for new installations; see docs/decisions/0017."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import printing.fields
import printing.models.connection
import printing.models.document
import printing.provider_choices
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('printing', '0001_initial'),
        ('printing', '0002_reprints_and_order_search'),
        ('printing', '0003_followed_to_the_end'),
        ('printing', '0004_credentials_move_to_connections'),
        ('printing', '0005_credentials_leave_printers'),
        ('printing', '0006_jobs_that_follow'),
        ('printing', '0007_lists_of_what_to_look_at'),
        ('printing', '0008_incidents_are_told'),
        ('printing', '0009_workers_give_signs'),
        ('printing', '0010_copies'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('spaces', '0001_squashed_0003_api_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='StoredDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, to='spaces.space', verbose_name='Space')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('pages', models.PositiveIntegerField(verbose_name='pages')),
                ('file', models.FileField(max_length=200, storage=printing.models.document.document_storage, upload_to='', verbose_name='file')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'constraints': [models.UniqueConstraint(fields=('space', 'sha256'), name='document_once_per_space')],
            },
        ),
        migrations.CreateModel(
            name='Connection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, to='spaces.space', verbose_name='Space')),
                ('provider', models.CharField(choices=printing.provider_choices.provider_choices, max_length=32, verbose_name='print service')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='account')),
                ('credentials', printing.fields.EncryptedJSONField(default=dict, verbose_name='connection')),
                ('hook_key', models.CharField(default=printing.models.connection.new_hook_key, editable=False, max_length=40, unique=True)),
                ('renewal_token', models.UUIDField(editable=False, null=True)),
                ('renewal_expires_at', models.DateTimeField(editable=False, null=True)),
                ('reconnect_needed_at', models.DateTimeField(editable=False, null=True)),
                ('checked_at', models.DateTimeField(editable=False, null=True)),
                ('answered_at', models.DateTimeField(editable=False, null=True)),
                ('check_reason', models.CharField(blank=True, editable=False, max_length=40)),
                ('check_params', models.JSONField(default=dict, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
            ],
            options={
                'verbose_name': 'connection',
                'verbose_name_plural': 'connections',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['checked_at'], name='connection_to_check')],
            },
        ),
        migrations.CreateModel(
            name='WebhookEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='printing.connection')),
                ('uid', models.CharField(max_length=100)),
                ('received_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('connection', 'uid'), name='webhook_event_once')],
            },
        ),
        migrations.CreateModel(
            name='RequestPace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=100, unique=True)),
                ('next_at', models.FloatField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Printer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, to='spaces.space', verbose_name='Space')),
                ('name', models.CharField(max_length=200, verbose_name='printer')),
                ('provider', models.CharField(choices=printing.provider_choices.provider_choices, max_length=32, verbose_name='print service')),
                ('connection', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='printers', to='printing.connection', verbose_name='connection')),
                ('remote_id', models.CharField(max_length=500, verbose_name='printer at the service')),
                ('capabilities', models.JSONField(default=dict, editable=False)),
                ('capabilities_at', models.DateTimeField(editable=False, null=True)),
                ('online', models.BooleanField(editable=False, null=True, verbose_name='online')),
                ('reported_detail', models.CharField(blank=True, editable=False, max_length=500)),
                ('health_at', models.DateTimeField(editable=False, null=True, verbose_name='last word')),
                ('offline_since', models.DateTimeField(editable=False, null=True)),
                ('lease_token', models.UUIDField(editable=False, null=True)),
                ('lease_expires_at', models.DateTimeField(editable=False, null=True)),
                ('next_try_at', models.DateTimeField(editable=False, null=True, verbose_name='next try')),
                ('failures', models.PositiveIntegerField(default=0, editable=False)),
                ('failing_since', models.DateTimeField(editable=False, null=True)),
                ('woken_at', models.DateTimeField(editable=False, null=True)),
                ('paused_at', models.DateTimeField(editable=False, null=True)),
                ('pause_reason', models.CharField(blank=True, editable=False, max_length=40)),
                ('pause_params', models.JSONField(default=dict, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
            ],
            options={
                'verbose_name': 'device',
                'verbose_name_plural': 'devices',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('space', 'provider', 'remote_id'), name='device_once_per_space')],
            },
        ),
        migrations.CreateModel(
            name='PrinterConfiguration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, to='spaces.space', verbose_name='Space')),
                ('printer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='configurations', to='printing.printer', verbose_name='printer')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('is_default', models.BooleanField(default=False, help_text='Documents go to this printer unless something else is named. There is one default in a Space.', verbose_name='Default')),
                ('state', models.CharField(choices=[('active', 'Active'), ('inactive', 'Inactive'), ('deleted', 'Deleted')], default='active', max_length=16, verbose_name='state')),
                ('tray', models.CharField(blank=True, max_length=255, verbose_name='tray')),
                ('paper', models.CharField(blank=True, max_length=255, verbose_name='paper')),
                ('sides', models.CharField(blank=True, choices=[('', 'As the printer is set'), ('one-sided', 'One side'), ('two-sided-long-edge', 'Both sides, bound at the long edge'), ('two-sided-short-edge', 'Both sides, bound at the short edge')], max_length=32, verbose_name='sides')),
                ('color', models.CharField(blank=True, choices=[('', 'As the printer is set'), ('color', 'Color'), ('monochrome', 'Black and white')], max_length=32, verbose_name='color')),
                ('copies', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)], verbose_name='copies')),
                ('unknown_rule', models.CharField(choices=[('print_again', 'Print again (it may come out twice)'), ('hold', 'Hold for a person to decide (it may not come out)')], default='print_again', max_length=16, verbose_name='when nobody can say whether it arrived')),
                ('fit_to_page', models.BooleanField(default=False, help_text='Scales each page to the paper. Forms and payment slips have to keep their size: leave it off.', verbose_name='fit to the paper')),
                ('max_age_hours', models.PositiveSmallIntegerField(default=24, help_text='A document that has waited for longer is not printed any more but fails, and you decide.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(336)], verbose_name='not older than (hours)')),
                ('substitute', models.ForeignKey(blank=True, help_text='Documents go there while this printer is out of order.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='substitute_for', to='printing.printerconfiguration', verbose_name='another printer takes over')),
                ('substitute_after_minutes', models.PositiveSmallIntegerField(default=30, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10080)], verbose_name='after (minutes)')),
                ('planned_purge_on', models.DateField(editable=False, null=True, verbose_name='planned purge')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
            ],
            options={
                'verbose_name': 'printer',
                'verbose_name_plural': 'printers',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('space',), name='one_default_printer_per_space', violation_error_message='Another printer is the default already.'), models.UniqueConstraint(condition=models.Q(('state', 'deleted'), _negated=True), fields=('space', 'name'), name='printer_name_once_per_space', violation_error_message='Another printer of this Space has this name already.'), models.CheckConstraint(condition=models.Q(('is_default', False), ('state', 'active'), _connector='OR'), name='default_printer_is_active', violation_error_message='The default printer has to be active; make another one the default first.'), models.CheckConstraint(condition=models.Q(('substitute', None), models.Q(('substitute', models.F('pk')), _negated=True), _connector='OR'), name='printer_is_not_its_own_substitute', violation_error_message='A printer cannot take over from itself.')],
            },
        ),
        migrations.CreateModel(
            name='PrintJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, to='spaces.space', verbose_name='Space')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('round', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('document_kind', models.CharField(max_length=32, verbose_name='document')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('source_id', models.BigIntegerField(editable=False, null=True)),
                ('order_number', models.CharField(blank=True, max_length=64, verbose_name='order')),
                ('event_key', models.CharField(editable=False, max_length=200, null=True)),
                ('reprint_of', models.BigIntegerField(editable=False, null=True)),
                ('is_copy', models.BooleanField(default=False, editable=False, verbose_name='copy')),
                ('follows', models.BigIntegerField(editable=False, null=True)),
                ('configuration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='printing.printerconfiguration', verbose_name='printer')),
                ('printer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='printing.printer', verbose_name='device')),
                ('copies', models.PositiveSmallIntegerField(null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)], verbose_name='copies')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='printing.storeddocument')),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('successful', 'Successful'), ('failed', 'Failed'), ('canceled', 'Canceled')], default='pending', max_length=16, verbose_name='state')),
                ('paper', models.CharField(choices=[('unknown', 'No word from the printer'), ('queued', 'Waiting in the printer'), ('printing', 'Printing'), ('printed', 'Printed'), ('problem', 'Problem at the printer')], default='unknown', max_length=16, verbose_name='paper')),
                ('paper_detail', models.CharField(blank=True, editable=False, max_length=500)),
                ('paper_at', models.DateTimeField(editable=False, null=True)),
                ('paper_final', models.BooleanField(default=False, editable=False)),
                ('follow_up_at', models.DateTimeField(editable=False, null=True)),
                ('follow_ups', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('attempts_before_round', models.PositiveIntegerField(default=0, editable=False)),
                ('in_progress', models.BooleanField(default=False, editable=False)),
                ('unresolved_since', models.DateTimeField(editable=False, null=True)),
                ('possible_duplicate', models.BooleanField(default=False, verbose_name='may have come out twice')),
                ('reason', models.CharField(blank=True, editable=False, max_length=40)),
                ('reason_params', models.JSONField(default=dict, editable=False)),
                ('remote_id', models.CharField(blank=True, max_length=500, verbose_name='number at the service')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('substituted_for', models.BigIntegerField(editable=False, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('due_since', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='accepted')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('planned_purge_at', models.DateTimeField(null=True, verbose_name='planned purge')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                'verbose_name': 'print job',
                'verbose_name_plural': 'print jobs',
                'ordering': ['-pk'],
                'indexes': [models.Index(models.F('printer'), django.db.models.functions.comparison.Coalesce('follows', 'id', output_field=models.BigIntegerField()), models.F('id'), condition=models.Q(('state', 'pending')), name='job_due'), models.Index(condition=models.Q(('follows__isnull', False)), fields=['follows'], name='job_follows'), models.Index(fields=['space', '-id'], name='job_list'), models.Index(fields=['space', 'state', '-id'], name='job_list_by_state'), models.Index(condition=models.Q(('paper', 'problem')), fields=['space', '-id'], name='job_list_paper_problem'), models.Index(condition=models.Q(('possible_duplicate', True)), fields=['space', '-id'], name='job_list_twice'), models.Index(fields=['space', 'order_number'], name='job_by_order', opclasses=['int8_ops', 'varchar_pattern_ops']), models.Index(condition=models.Q(('reprint_of__isnull', False)), fields=['reprint_of'], name='job_reprints'), models.Index(condition=models.Q(('follow_up_at__isnull', False)), fields=['follow_up_at'], name='job_follow_up'), models.Index(condition=models.Q(('remote_id', ''), _negated=True), fields=['printer', 'remote_id'], name='job_remote_id'), models.Index(condition=models.Q(('state', 'failed')), fields=['finished_at'], name='job_failed'), models.Index(condition=models.Q(('paper', 'problem')), fields=['paper_at'], name='job_paper_problem'), models.Index(condition=models.Q(('planned_purge_at__isnull', False)), fields=['planned_purge_at'], name='job_purge')],
                'constraints': [models.UniqueConstraint(fields=('space', 'event_key'), name='one_job_per_event'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'pending'), _negated=True), ('printer__isnull', False), _connector='OR'), name='pending_job_has_printer')],
            },
        ),
        migrations.CreateModel(
            name='PrintAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempt_set', to='printing.printjob', verbose_name='print job')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('phase', models.CharField(choices=[('preparing', 'Preparing the document'), ('sending', 'Sending'), ('done', 'Done')], max_length=16, verbose_name='phase')),
                ('outcome', models.CharField(blank=True, choices=[('accepted', 'Accepted'), ('transient', 'Not sent, will be tried again'), ('permanent', 'Refused'), ('configuration', 'Connection problem'), ('unknown', 'Unknown')], max_length=16, verbose_name='outcome')),
                ('printer_name', models.CharField(max_length=200, verbose_name='printer')),
                ('provider', models.CharField(max_length=32, verbose_name='print service')),
                ('options', models.JSONField(default=dict)),
                ('started_at', models.DateTimeField(verbose_name='started')),
                ('sending_at', models.DateTimeField(null=True, verbose_name='sent')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('shared', models.BooleanField(default=False)),
                ('remote_id', models.CharField(blank=True, max_length=500, verbose_name='number at the service')),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('reason_params', models.JSONField(default=dict)),
                ('detail', models.TextField(blank=True, verbose_name='technical detail')),
            ],
            options={
                'verbose_name': 'attempt',
                'verbose_name_plural': 'attempts',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('job', 'number'), name='attempt_number_once_per_job')],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, to='spaces.space', verbose_name='Space')),
                ('kind', models.CharField(choices=[('printer_down', 'The printer cannot be reached'), ('printer_offline', 'The printer is offline'), ('printer_paused', 'The connection has to be put right'), ('job_failed', 'A print job has failed'), ('paper_problem', 'Problem at the printer')], max_length=20, verbose_name='kind')),
                ('printer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='incidents', to='printing.printer')),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='incidents', to='printing.printjob')),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('reason_params', models.JSONField(default=dict)),
                ('detail', models.CharField(blank=True, max_length=500)),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='over since')),
                ('claim_token', models.UUIDField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True, verbose_name='told')),
                ('end_told_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'incident',
                'verbose_name_plural': 'incidents',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['space', 'id'], name='incident_open'), models.Index(condition=models.Q(('closed_at', None), ('told_at', None)), fields=['space'], name='incident_untold'), models.Index(condition=models.Q(('closed_at__isnull', False), ('end_told_at', None), ('told_at__isnull', False)), fields=['space'], name='incident_end_untold'), models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['closed_at'], name='incident_purge')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at', None), ('printer__isnull', False)), fields=('kind', 'printer'), name='one_open_incident_per_printer'), models.UniqueConstraint(condition=models.Q(('closed_at', None), ('job__isnull', False)), fields=('kind', 'job'), name='one_open_incident_per_job'), models.CheckConstraint(condition=models.Q(models.Q(('job__isnull', False), ('printer__isnull', True)), models.Q(('job__isnull', True), ('printer__isnull', False)), _connector='OR'), name='incident_of_a_printer_or_a_job')],
            },
        ),
        migrations.CreateModel(
            name='WorkerSign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=255, unique=True)),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
            ],
        ),
    ]
