#!/bin/sh
# Redmine 5 of Debian (packages redmine, redmine-sqlite, puma) on port 3900 of loopback, on a database of its own.
#   redmine.sh install | missing | start | stop | status | reset      settings: TARGETS_STATE (default ./.targets)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
state=${TARGETS_STATE:-.targets}/redmine; mkdir -p "$state"; state=$(cd "$state" && pwd)
port=3900
app=/usr/share/redmine
fresh=/var/lib/dbconfig-common/sqlite3/redmine/instances/default/redmine_default
# By its name too: after a restart of the machine the number may belong to another program.
alive() { [ -s "$state/pid" ] && grep -q puma "/proc/$(cat "$state/pid")/cmdline" 2>/dev/null; }
answers() { curl -fsS -o /dev/null -u connector:connector-pass "http://127.0.0.1:$port/users/current.json" 2>/dev/null; }

missing() {
  for p in puma curl setsid; do command -v $p >/dev/null || echo $p; done
  [ -x $app/bin/rails ] && [ -r $fresh ] || echo redmine
}
case "${1:-}" in
  install)
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends --no-upgrade redmine redmine-sqlite puma curl </dev/null ;;
  missing) missing ;;
  reset) rm -f "$state/db.sqlite3" ;;
  start)
    if alive; then echo "already up"; exit 0; fi
    if [ ! -f "$state/db.sqlite3" ]; then
      cp $fresh "$state/db.new"
      (cd $app && RAILS_ENV=production DATABASE_URL="sqlite3:$state/db.new" bin/rails runner "$here/redmine-seed.rb") >"$state/seed.log" 2>&1 ||
        { cat "$state/seed.log" >&2; exit 1; }
      mv "$state/db.new" "$state/db.sqlite3"
    fi
    (cd $app && RAILS_ENV=production DATABASE_URL="sqlite3:$state/db.sqlite3" exec setsid puma --quiet -e production -t 2:4 -b "tcp://127.0.0.1:$port" config.ru) >"$state/puma.log" 2>&1 </dev/null &
    echo $! >"$state/pid"
    i=0
    until answers; do
      i=$((i+1)); if [ $i -gt 240 ]; then tail -20 "$state/puma.log" >&2; exit 1; fi; sleep 0.25
    done
    echo "redmine up: port $port" ;;
  stop)
    if alive; then kill "$(cat "$state/pid")"; i=0; while alive && [ $i -lt 40 ]; do i=$((i+1)); sleep 0.25; done; fi
    rm -f "$state/pid"; echo stopped ;;
  status) if alive; then echo up; else echo down; exit 1; fi ;;
  *) echo "usage: redmine.sh install|missing|start|stop|status|reset" >&2; exit 2 ;;
esac
