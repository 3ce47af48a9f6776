/** The public API of personalize-authz-proxy. */
export { type Config, readConfig } from './config.ts';
export { SETTINGS, type Setting } from './config-schema.ts';
export type { AwsError, Fault } from './errors.ts';
export { ListenError, type ListeningServer } from './http/server.ts';
export type { PrincipalsInput } from './identity/principals-input.ts';
export { type ClientConfig, type RunningProxy, startProxy, startStub } from './proxy.ts';
export { type Notice, type ProxyOptions, readFolder, StartError, version } from './proxy-options.ts';
export type { CheckRecord, DecisionRecord, Outcome, PrincipalRecord } from './record/decision-record.ts';
export { evaluateLine, evaluateStream } from './tools/evaluate.ts';
export { renderLadder } from './tools/ladder.ts';
export type { Simulation } from './tools/simulate.ts';
export { type SimulateAsOptions, simulateAs } from './tools/simulate-as.ts';
