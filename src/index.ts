/** The public API of personalize-authz-proxy. */

export type { ClientConfig } from './app/client-config.ts';
export { openCredentialIssuer } from './app/open-session-key.ts';
export type { RunningProxy } from './app/proxy.ts';
export {
  type Notice,
  type ProxyOptions,
  readFolder,
  StartError,
  version,
} from './app/proxy-options.ts';
export { startProxy, startStub } from './app/start.ts';
export { caFileOf, type TlsListener } from './app/tls-listener.ts';
export type {
  Coverage,
  PatternCoverage,
  PolicyCoverage,
  PrincipalCoverage,
  StatementCoverage,
  UnusedGrant,
  Uses,
} from './commands/coverage/coverage.ts';
export { type CoverageOptions, coveragePrincipals, measureCoverage } from './commands/coverage/measure.ts';
export { renderLcov } from './commands/coverage/render-lcov.ts';
export { renderCoveragePage } from './commands/coverage/render-page.ts';
export { renderCoverage } from './commands/coverage/render-text.ts';
export { assignments, awsVariables, exportLines } from './commands/env/aws-variables.ts';
export { credentialsFor } from './commands/env/credentials-for.ts';
export { evaluateLine, evaluateStream } from './commands/evaluate/evaluate.ts';
export { renderComparison } from './commands/generate/compare.ts';
export { generatePolicy } from './commands/generate/generate.ts';
export { RESOURCE_SCOPES, type ResourceScope } from './commands/generate/resource-scope.ts';
export { type ImportResult, importInto } from './commands/import/import-into.ts';
export { IMPORT_FORMATS, type ImportFormat } from './commands/import/read-source.ts';
export { initConfig, initTests } from './commands/init/init.ts';
export { fixFindings, type LintReport, lint } from './commands/lint/lint.ts';
export { lintJson, lintSarif } from './commands/lint/render.ts';
export { mfaCode } from './commands/mfa-code/mfa-code.ts';
export type { ProofCounterexample, ProofResult } from './commands/prove/proof-result.ts';
export {
  proveDocumentNotGranted,
  proveDocuments,
  proveEquivalent,
  proveNoNewAccess,
  proveNoPublicAccess,
  proveNotGranted,
} from './commands/prove/prove-claims.ts';
export { readPolicyDocument } from './commands/prove/read-document.ts';
export { renderProofs } from './commands/prove/render-proofs.ts';
export {
  type Replay,
  type ReplayedChange,
  type ReplayedDecision,
  renderReplay,
  replay,
} from './commands/replay/replay.ts';
export { runChild } from './commands/run/child-command.ts';
export { RUN_FORMATS, type RunFormat, writeRunReports } from './commands/run/run-files.ts';
export { type RunReport, runReport } from './commands/run/run-report.ts';
export { renderRun } from './commands/run/run-text.ts';
export { sdkEnvironment } from './commands/run/sdk-environment.ts';
export { RunTally } from './commands/run/tally.ts';
export type {
  AuthorizeOptions,
  CallAuthorization,
  CallToAuthorize,
} from './commands/simulate/authorize-call.ts';
export { renderPreset } from './commands/simulate/render-preset.ts';
export { type SimulateAsOptions, simulateAs } from './commands/simulate/simulate-as.ts';
export { PRESETS, type Preset, simulatePreset } from './commands/simulate/simulate-preset.ts';
export { testJson, testJunit, testText } from './commands/test/render.ts';
export { type TestResult, testPolicies } from './commands/test/test-policies.ts';
export { watchFiles } from './commands/test/watch-files.ts';
export { type Tightened, tightenPolicy } from './commands/tighten/tighten.ts';
export { CONFIG_FILE, type Config, readConfig } from './config/read-config.ts';
export { SETTINGS, type Setting } from './config/settings.ts';
export type { Directory } from './directory/directory.ts';
export type { PrincipalsInput } from './directory/principals-input.ts';
export { displayPath } from './directory/source-file.ts';
export type { NamedPolicy as PolicyDocument } from './engine/policy-set.ts';
export { renderLadder } from './explanation/evaluation-steps.ts';
export {
  type CheckExplanation,
  type CheckRung,
  type Explanation,
  explainDecision,
  lastDenial,
  type NearMiss,
} from './explanation/explanation.ts';
export { type RenderOptions, renderExplanation } from './explanation/render-explanation.ts';
export type { Simulation } from './explanation/simulation.ts';
export type { AwsError, Fault } from './lib/errors.ts';
export { readLines } from './lib/lines.ts';
export { type RecordedQuestion, recordedQuestions } from './recorded-calls/recorded-request.ts';
export { undocumentedGrants } from './recorded-calls/undocumented-grants.ts';
export type {
  CheckRecord,
  DecisionRecord,
  Outcome,
  PrincipalRecord,
  SessionRecord,
} from './records/decision-record.ts';
export { logFiles, type RecordedDecisions, readDecisions } from './records/read-decisions.ts';
export { contextOf } from './records/recorded-context.ts';
export { writeFiles } from './reports/write-files.ts';
export { ListenError, type ListeningServer } from './server/listen.ts';
