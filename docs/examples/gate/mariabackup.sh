#!/bin/sh
# Takes a full backup of a MariaDB once the gate lets it, and reports what came of it:
#   mariabackup.sh <instance-id> --target-dir=/backup/tonight --user=backup …
set -eu
instance=$1
shift

precheck gate "$instance" --operation full --max-age 15m

status=succeeded
code=0
said=$(mariadb-backup "$@" --backup 2>&1) || { code=$?; status=failed; }
echo "$said"
# A backup does not fail for want of a report.
precheck report-backup "$instance" --operation full --status "$status" --error "$said" || true
exit "$code"
