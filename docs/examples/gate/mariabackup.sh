#!/bin/sh
# Takes a full backup of a MariaDB once the gate lets it:
#   mariabackup.sh <instance-id> --target-dir=/backup/tonight --user=backup …
set -eu
instance=$1
shift

precheck gate "$instance" --operation full --max-age 15m
mariadb-backup "$@" --backup
