import type { DecisionRecord } from '../types.ts';

/** The principal as policy tests name it: `user/alice`, `role/shop`, or its ARN. */
export function principalName({ principal }: Pick<DecisionRecord, 'principal'>): string {
  const arn = principal?.roleArn ?? principal?.arn ?? '';
  const [, kind, name] = /:(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return kind === undefined ? arn : `${kind}/${name}`;
}

/** A policy test that expects what was decided; `personalize-authz-proxy test` runs it. */
export function asTest(decision: DecisionRecord): string {
  const isAllowed = decision.outcome === 'forwarded' || decision.outcome === 'answered';
  const lines = decision.checks.flatMap(({ action, resource, context = {} }) => [
    `  - name: ${quoted(`${decision.request.operation}: ${action}`)}`,
    `    principal: ${quoted(principalName(decision))}`,
    `    action: ${quoted(action)}`,
    `    resource: ${quoted(resource)}`,
    `    context: ${JSON.stringify({ 'aws:SourceIp': decision.request.sourceIp, ...context })}`,
    `    expect: ${isAllowed ? 'allowed' : 'denied'}`,
  ]);
  return `tests:\n${lines.join('\n')}\n`;
}

/** JSON is YAML, and no text breaks out of it. */
const quoted = (text: string): string => JSON.stringify(text);

/** The call as a command of the AWS CLI. */
export function asCommand({ request }: DecisionRecord): string {
  const { service = 'personalize', operation = '', parameters, region } = request;
  const command = operation.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  const input =
    parameters === undefined ? '' : ` --cli-input-json ${shellQuoted(JSON.stringify(parameters))}`;
  return `aws ${service} ${command}${input}${region === undefined ? '' : ` --region ${region}`}`;
}

const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
