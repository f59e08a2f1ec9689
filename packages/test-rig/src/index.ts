export {
  certificates,
  SERVER_KINDS,
  type Certificates,
  type ClientMaterial,
  type PemPair,
  type ServerKind,
} from "./certificates.ts";
export { debianRig, type DebianRig } from "./debian-rig.ts";
export type { Echo } from "./echo.ts";
export { jiraTarget, type JiraTarget } from "./jira-target.ts";
export type { Listener } from "./listener.ts";
export { nodeRig } from "./node-rig.ts";
export { PROXY_FAULTS, type ProxyFault } from "./proxy-faults.ts";
export { startProxy, type ProxyOptions, type SeenConnect, type SeenForward, type TestProxy } from "./proxy.ts";
export { redmineTarget, type RedmineTarget } from "./redmine-target.ts";
export { ROUTES, type ProxyRoute, type Rig, type RigProxy, type RigServerKind, type Route } from "./rig.ts";
export { slackTarget, type SlackTarget } from "./slack-target.ts";
export { startTarget, type SeenRequest, type Target, type TargetHandler, type TargetOptions } from "./target.ts";
export { TOKEN_CLIENT } from "./token.ts";
export type { FaultOutcome } from "./fault.ts";
export {
  FAULTS,
  startFault,
  type FaultDescription,
  type FaultKind,
  type FaultRequest,
  type FaultServer,
} from "./faults.ts";
export { orSkip, type Missing } from "./system.ts";
export { issueCertificate, keyPair } from "./issue.ts";
