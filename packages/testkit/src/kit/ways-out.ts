import child_process from "node:child_process";
import dgram from "node:dgram";
import dns from "node:dns";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import net from "node:net";
import tls from "node:tls";
import worker_threads from "node:worker_threads";

const DNS = Object.keys(dns).filter((name) => /^(?:lookup|resolve|reverse)/.test(name));
const DNS_PROMISES = Object.keys(dns.promises).filter((name) => /^(?:lookup|resolve|reverse)/.test(name));

/** Where the ways out are, how they are called in a report, and their names. */
export const IO: readonly (readonly [target: object, prefix: string, names: readonly string[]])[] = [
  [globalThis, "", ["fetch", "WebSocket", "EventSource"]],
  [http, "http.", ["request", "get"]],
  [https, "https.", ["request", "get"]],
  [http2, "http2.", ["connect"]],
  // Whatever opens a connection comes through here, also what was taken hold of before the watch began.
  [net.Socket.prototype, "net.Socket.", ["connect"]],
  [net.Server.prototype, "net.Server.", ["listen"]],
  [net, "net.", ["connect", "createConnection"]],
  [tls, "tls.", ["connect"]],
  [dns, "dns.", DNS],
  [dns.promises, "dns.promises.", DNS_PROMISES],
  [dgram, "dgram.", ["createSocket"]],
  [child_process, "child_process.", ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"]],
  [worker_threads, "worker_threads.", ["Worker"]],
  // The way to all others that needs no import.
  [process, "process.", ["getBuiltinModule"]],
];
export const PRINTING = ["log", "info", "warn", "error", "debug", "trace", "dir", "table"];
