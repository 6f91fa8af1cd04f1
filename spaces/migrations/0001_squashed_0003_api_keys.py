"""Everything up to here in one step, for new installations; see docs/decisions/0017."""

import django.core.validators
import django.db.models.deletion
import spaces.choices
import spaces.models
import spaces.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('spaces', '0001_initial'),
        ('spaces', '0002_members_are_told'),
        ('spaces', '0003_api_keys'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Space',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('slug', models.SlugField(error_messages={'unique': 'Another Space already has this short name.'}, max_length=63, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9]([a-z0-9-]*[a-z0-9])?$', 'Use lower-case letters, digits and hyphens.')], verbose_name='short name in the address')),
                ('country', models.CharField(choices=spaces.choices.country_choices, default='DE', max_length=2, verbose_name='country')),
                ('currency', models.CharField(choices=spaces.choices.currency_choices, default='EUR', max_length=3, verbose_name='currency')),
                ('time_zone', models.CharField(choices=spaces.choices.time_zone_choices, default='Europe/Berlin', max_length=64, verbose_name='time zone')),
                ('language', models.CharField(choices=[('en', 'English'), ('de', 'German')], default='en', max_length=8, verbose_name='language')),
                ('company', models.CharField(help_text='As it stands on your documents.', max_length=200, verbose_name='company')),
                ('street', models.CharField(max_length=200, verbose_name='street and number')),
                ('postal_code', models.CharField(max_length=16, verbose_name='postal code')),
                ('city', models.CharField(max_length=100, verbose_name='city')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=50, verbose_name='telephone')),
                ('website', models.CharField(blank=True, max_length=200, verbose_name='website')),
                ('register_entry', models.CharField(blank=True, help_text='The line that company law asks for on letters, printed at their foot.', max_length=300, verbose_name='register entry and managers')),
                ('vat_number', models.CharField(blank=True, max_length=32, validators=[spaces.validators.validate_vat_number], verbose_name='VAT number')),
                ('tax_number', models.CharField(blank=True, max_length=32, verbose_name='tax number')),
                ('iban', models.CharField(blank=True, max_length=42, validators=[spaces.validators.validate_iban], verbose_name='IBAN')),
                ('qr_iban', models.CharField(blank=True, max_length=42, validators=[spaces.validators.validate_qr_iban], verbose_name='QR-IBAN')),
                ('bic', models.CharField(blank=True, max_length=11, verbose_name='BIC')),
                ('bank_name', models.CharField(blank=True, max_length=100, verbose_name='bank')),
                ('logo', models.ImageField(blank=True, help_text='PNG or JPEG, at most 1 MB; printed at the top of your documents.', upload_to=spaces.models.logo_path, validators=[django.core.validators.FileExtensionValidator(['png', 'jpg', 'jpeg']), spaces.validators.validate_logo], verbose_name='logo')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
            ],
            options={
                'verbose_name': 'Space',
                'verbose_name_plural': 'Spaces',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='spaces.space', verbose_name='Space')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='space_memberships', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('operator', 'Operator'), ('viewer', 'Viewer')], default='operator', max_length=16, verbose_name='role')),
                ('told_of_problems', models.BooleanField(default=True, verbose_name='e-mail about print problems')),
            ],
            options={
                'verbose_name': 'member',
                'verbose_name_plural': 'members',
                'constraints': [models.UniqueConstraint(fields=('space', 'user'), name='member_once_per_space', violation_error_message='This person is a member of the Space already.')],
            },
        ),
        migrations.CreateModel(
            name='Feature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='features', to='spaces.space', verbose_name='Space')),
                ('name', models.CharField(choices=[('printing', 'Printing'), ('dunning', 'Dunning')], max_length=32, verbose_name='feature')),
                ('activated_at', models.DateTimeField(auto_now_add=True, verbose_name='activated')),
            ],
            options={
                'verbose_name': 'feature',
                'verbose_name_plural': 'features',
                'constraints': [models.UniqueConstraint(fields=('space', 'name'), name='feature_once_per_space', violation_error_message='This feature is activated already.')],
            },
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to='spaces.space', verbose_name='Space')),
                ('name', models.CharField(help_text='Such as the program that uses it.', max_length=100, verbose_name='name')),
                ('prefix', models.CharField(editable=False, max_length=16, unique=True, verbose_name='begins with')),
                ('secret_hash', models.CharField(editable=False, max_length=64)),
                ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('last_used_at', models.DateTimeField(editable=False, null=True, verbose_name='last used')),
                ('revoked_at', models.DateTimeField(editable=False, null=True, verbose_name='revoked')),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
                'ordering': ['-pk'],
            },
        ),
    ]
