/**
 * The public API of personalize-authz-proxy. `docs/api.md` has an example for each of these values, and a test runs them.
 */

import './config/node-version.ts';

export type { ClientConfig } from './app/client-config.ts';
export { type Notice, type ProxyOptions, readFolder } from './app/proxy-options.ts';
export type { RunningProxy } from './app/running-proxy.ts';
export { startProxy, startStub } from './app/start.ts';
export type { Coverage } from './commands/coverage/coverage.ts';
export { type CoverageOptions, measureCoverage } from './commands/coverage/measure.ts';
export { awsVariables } from './commands/env/aws-variables.ts';
export { generatePolicy } from './commands/generate/generate.ts';
export { type LintReport, lint } from './commands/lint/lint.ts';
export type { ProofCounterexample, ProofResult } from './commands/prove/proof-result.ts';
export { proveNoNewAccess } from './commands/prove/prove-claims.ts';
export { type Replay, replay } from './commands/replay/replay.ts';
export type {
  AuthorizeOptions,
  CallAuthorization,
  CallToAuthorize,
} from './commands/simulate/authorize-call.ts';
export { type SimulateAsOptions, simulateAs } from './commands/simulate/simulate-as.ts';
export { type AnyResult as TestResult, testPolicies } from './commands/test/test-policies.ts';
export { type Config, readConfig } from './config/read-config.ts';
export type { Directory } from './directory/directory.ts';
export type { PrincipalsInput } from './directory/principals-input.ts';
export { type Explanation, explainDecision } from './explanation/explanation.ts';
export { renderExplanation } from './explanation/render-explanation.ts';
export type { Simulation } from './explanation/simulation.ts';
export type { AwsError, Diagnostic } from './lib/errors.ts';
export { ListenError, StartError } from './lib/start-error.ts';
export type { CheckRecord, DecisionRecord, Outcome } from './records/decision-record.ts';
export { type RecordedDecisions, readDecisions } from './records/read-decisions.ts';
export type { ListeningServer } from './server/listen.ts';
