/** The public API of personalize-authz-proxy. */
export { type Config, readConfig } from './config.ts';
export { SETTINGS, type Setting } from './config-settings.ts';
export type { AwsError, Fault } from './errors.ts';
export { ListenError, type ListeningServer } from './http/server.ts';
export type { Directory } from './identity/directory.ts';
export type { PrincipalsInput } from './identity/principals-input.ts';
export { readLines } from './lib/lines.ts';
export type { RunningProxy } from './proxy.ts';
export type { ClientConfig } from './proxy-client.ts';
export {
  type Notice,
  type ProxyOptions,
  readFolder,
  StartError,
  version,
} from './proxy-options.ts';
export { openCredentialIssuer } from './proxy-session-key.ts';
export { caFileOf, type TlsListener } from './proxy-tls.ts';
export type {
  CheckRecord,
  DecisionRecord,
  Outcome,
  PrincipalRecord,
  SessionRecord,
} from './record/decision-record.ts';
export { logFiles, type RecordedDecisions, readDecisions } from './record/read-decisions.ts';
export { contextOf } from './record/recorded-context.ts';
export { startProxy, startStub } from './start.ts';
export type { AuthorizeOptions, CallAuthorization, CallToAuthorize } from './tools/authorize.ts';
export { assignments, awsVariables, exportLines } from './tools/aws-variables.ts';
export type {
  Coverage,
  PatternCoverage,
  PolicyCoverage,
  PrincipalCoverage,
  StatementCoverage,
  UnusedGrant,
  Uses,
} from './tools/coverage/coverage.ts';
export { type CoverageOptions, coveragePrincipals, measureCoverage } from './tools/coverage/measure.ts';
export { renderLcov } from './tools/coverage/render-lcov.ts';
export { renderCoveragePage } from './tools/coverage/render-page.ts';
export { renderCoverage } from './tools/coverage/render-text.ts';
export { credentialsFor } from './tools/credentials-for.ts';
export { evaluateLine, evaluateStream } from './tools/evaluate.ts';
export {
  type CheckExplanation,
  type CheckRung,
  type Explanation,
  explainDecision,
  lastDenial,
  type NearMiss,
} from './tools/explanation.ts';
export { renderComparison } from './tools/generate/compare.ts';
export { generatePolicy } from './tools/generate/generate.ts';
export { RESOURCE_SCOPES, type ResourceScope } from './tools/generate/resource-scope.ts';
export { type ImportResult, importInto } from './tools/import/import-into.ts';
export { IMPORT_FORMATS, type ImportFormat } from './tools/import/read-source.ts';
export { initConfig, initTests } from './tools/init/init.ts';
export { renderLadder } from './tools/ladder.ts';
export { fixFindings, type LintReport, lint } from './tools/lint/lint.ts';
export { lintJson, lintSarif } from './tools/lint/render.ts';
export { mfaCode } from './tools/mfa-code.ts';
export { testJson, testJunit, testText } from './tools/policy-tests/render.ts';
export { type TestResult, testPolicies } from './tools/policy-tests/test-policies.ts';
export { watchFiles } from './tools/policy-tests/watch-files.ts';
export { renderPreset } from './tools/preset/render-preset.ts';
export { PRESETS, type Preset, simulatePreset } from './tools/preset/simulate-preset.ts';
export { type RecordedQuestion, recordedQuestions } from './tools/recorded-question.ts';
export { type RenderOptions, renderExplanation } from './tools/render-explanation.ts';
export {
  type Replay,
  type ReplayedChange,
  type ReplayedDecision,
  renderReplay,
  replay,
} from './tools/replay.ts';
export { runChild } from './tools/run/child-command.ts';
export { RUN_FORMATS, type RunFormat, writeRunReports } from './tools/run/run-files.ts';
export { type RunReport, runReport } from './tools/run/run-report.ts';
export { renderRun } from './tools/run/run-text.ts';
export { sdkEnvironment } from './tools/run/sdk-environment.ts';
export { RunTally } from './tools/run/tally.ts';
export type { Simulation } from './tools/simulate.ts';
export { type SimulateAsOptions, simulateAs } from './tools/simulate-as.ts';
export { type Tightened, tightenPolicy } from './tools/tighten/tighten.ts';
export { undocumentedGrants } from './tools/undocumented-grants.ts';
export { writeFiles } from './tools/write-files.ts';
