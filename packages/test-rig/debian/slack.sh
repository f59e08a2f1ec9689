#!/bin/sh
# A Slack that keeps what it is told: the emulator of npm's emulate@0.12.2 (its tag `latest` is another package), with
# Slack's own clients beside it, to compare requests with.
#   slack.sh install | missing | start | stop | status
# Settings: TARGETS_STATE (default ./.targets). Port 3902, loopback.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
state=${TARGETS_STATE:-.targets}/slack; mkdir -p "$state"; state=$(cd "$state" && pwd)
port=3902
# By its name too: after a restart of the machine the number may belong to another program.
alive() { [ -s "$state/pid" ] && grep -q emulate "/proc/$(cat "$state/pid")/cmdline" 2>/dev/null; }
missing() {
  for p in curl setsid; do command -v $p >/dev/null || echo $p; done
  for p in emulate node @slack/web-api @slack/webhook; do [ -f "$state/node_modules/$p/package.json" ] || echo "npm $p"; done
}
case "${1:-start}" in
  install)
    cd "$state"; [ -f package.json ] || echo '{"private":true}' >package.json
    # The emulator needs Node 22.15 or newer, and its own one cannot be too old.
    npm install --no-audit --no-fund --save-exact emulate@0.12.2 node@24.21.0 @slack/web-api@8.2.0 @slack/webhook@8.0.2 ;;
  missing) missing ;;
  start)
    if alive; then echo "already up"; exit 0; fi
    [ -z "$(missing)" ] || { echo "missing:" $(missing) >&2; exit 1; }
    cd "$state"; cp "$here/slack-emulate.yaml" seed.yaml
    setsid node_modules/node/bin/node node_modules/emulate/dist/index.js start --service slack --port $port --seed seed.yaml \
      >emulate.log 2>&1 </dev/null & echo $! >pid
    i=0
    until curl -sf -o /dev/null -X POST http://127.0.0.1:$port/api/auth.test; do
      i=$((i+1)); if [ $i -gt 120 ] || ! alive; then cat emulate.log >&2; exit 1; fi; sleep 0.25
    done
    echo "slack up: http://127.0.0.1:$port/api" ;;
  stop)
    if alive; then kill "$(cat "$state/pid")" 2>/dev/null || :; i=0; while alive && [ $i -lt 40 ]; do i=$((i+1)); sleep 0.25; done; fi
    rm -f "$state/pid"; echo stopped ;;
  status) if alive; then echo up; else echo down; exit 1; fi ;;
  *) echo "usage: slack.sh install|missing|start|stop|status" >&2; exit 2 ;;
esac
