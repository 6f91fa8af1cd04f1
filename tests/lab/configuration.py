"""Scripts and configuration files of the lab's servers."""

# The document appears under its name after its options, so that whoever sees one sees the other.
_FINISH = """
mv "$D/out/$name.part" "$D/out/$name.pdf"
while [ -e "$D/hold" ]; do sleep 0.02; done
[ -n "${STATE:-}" ] && echo "STATE: $STATE" >&2
[ -n "${ERROR:-}" ] && echo "ERROR: $ERROR" >&2
[ "${SLEEP:-0}" != 0 ] && sleep "$SLEEP"
exit "${RC:-0}"
"""
PRINTER_COMMAND = (
    """#!/bin/sh
D=@DIRECTORY@
[ -r "$D/mode" ] && . "$D/mode"
name=$(basename "$1" .pdf)-$$
env | grep -E '^(IPP_|CONTENT_TYPE)' | sort >"$D/out/$name.env"
cp "$1" "$D/out/$name.part"
"""
    + _FINISH
)
BACKEND = (
    """#!/bin/sh
D=@DIRECTORY@
[ $# -eq 0 ] && { echo 'direct capture "Unknown" "Capture"'; exit 0; }
[ -r "$D/mode" ] && . "$D/mode"
name=$1-$$
printf 'job=%s\\ntitle=%s\\ncopies=%s\\noptions=%s\\n' "$1" "$3" "$4" "$5" >"$D/out/$name.env"
if [ -n "${6:-}" ]; then cat "$6"; else cat; fi >"$D/out/$name.part"
"""
    + _FINISH
)
CUPS_FILES_CONF = """ServerRoot {directory}/etc
RequestRoot {directory}/spool
CacheDir {directory}/cache
StateDir {directory}/run
TempDir {directory}/spool/tmp
AccessLog {directory}/log/access_log
ErrorLog {directory}/log/error_log
PageLog {directory}/log/page_log
ServerBin {directory}/bin
User {user}
Group {group}
SystemGroup root
FileDevice Yes
Printcap
"""
# DirtyCleanInterval 0: otherwise a job younger than thirty seconds is forgotten when cupsd is killed.
CUPSD_CONF = """Listen 127.0.0.1:{port}
LogLevel info
Browsing No
DefaultAuthType Basic
WebInterface No
DirtyCleanInterval 0
PreserveJobHistory Yes
PreserveJobFiles No
MaxJobs 0
ErrorPolicy retry-job
JobRetryInterval 10
{extra}
<Location />
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Location /admin>
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  {policy}
  <Limit All>
    Order allow,deny
    Allow from 127.0.0.1
  </Limit>
</Policy>
"""
