#!/bin/sh
# Jira twice, stateless: Prism over reduced copies of Atlassian's OpenAPI documents, version 3 on port 3903 (texts are
# Atlassian documents) and version 2 on 3904 (texts are plain). Any basic or bearer credentials will do.
#   jira.sh install | missing | start | stop | status      settings: TARGETS_STATE (default ./.targets)
# An answer with the header `sl-violations` says how the request breaks the document. Statuses differ from the real
# site, which answers 400 where Prism answers 422.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
state=${TARGETS_STATE:-.targets}/jira; mkdir -p "$state"; state=$(cd "$state" && pwd)
node="$state/node_modules/node/bin/node"
prism=node_modules/@stoplight/prism-cli/dist/index.js
port() { if [ "$1" = 3 ]; then echo 3903; else echo 3904; fi; }
# By its name too: after a restart of the machine the number may belong to another program.
alive() { [ -s "$state/pid.$1" ] && grep -q prism-cli "/proc/$(cat "$state/pid.$1")/cmdline" 2>/dev/null; }
missing() {
  for p in curl setsid; do command -v $p >/dev/null || echo $p; done
  [ -x "$node" ] && [ -f "$state/$prism" ] || echo @stoplight/prism-cli
}
start() { # version
  (cd "$state" && exec setsid "$node" $prism mock -h 127.0.0.1 -p "$(port "$1")" --errors "$here/jira-v$1.openapi.json") \
    >"$state/prism.$1.log" 2>&1 </dev/null &
  echo $! >"$state/pid.$1"
}
up() { # version
  i=0
  until curl -sS -o /dev/null "http://127.0.0.1:$(port "$1")/" 2>/dev/null; do
    i=$((i+1))
    if [ $i -gt 240 ] || ! alive "$1"; then tail -5 "$state/prism.$1.log" >&2; "$0" stop >&2; exit 1; fi
    sleep 0.25
  done
}
case "${1:-}" in
  install) cd "$state"; [ -f package.json ] || npm init -y >/dev/null; npm i --no-audit --no-fund @stoplight/prism-cli@5.16.0 node@24 ;;
  missing) missing ;;
  start)
    if alive 2 && alive 3; then echo "already up"; exit 0; fi
    for v in 2 3; do alive $v || start $v; done
    # The process that was begun becomes Prism only after a moment.
    sleep 0.25
    for v in 2 3; do up $v; done
    echo "jira up: 3903 (version 3), 3904 (version 2)" ;;
  stop)
    for v in 2 3; do
      if alive $v; then kill "$(cat "$state/pid.$v")"; i=0; while alive $v && [ $i -lt 40 ]; do i=$((i+1)); sleep 0.25; done; fi
      rm -f "$state/pid.$v"
    done
    echo stopped ;;
  status) rc=0; for v in 2 3; do if alive $v; then echo "version $v up"; else echo "version $v down"; rc=1; fi; done; exit $rc ;;
  *) echo "usage: jira.sh install|missing|start|stop|status" >&2; exit 2 ;;
esac
