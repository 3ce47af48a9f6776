import { get } from '../api.ts';
import type { DecisionRecord, RecordedCall } from '../types.ts';

/** The principal as policy tests name it: `user/alice`, `role/shop`, or its ARN. */
export function principalName({ principal }: Pick<DecisionRecord, 'principal'>): string {
  const arn = principal?.roleArn ?? principal?.arn ?? '';
  const [, kind, name] = /:(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return kind === undefined ? arn : `${kind}/${name}`;
}

/** Services whose commands have another name than the service. */
const COMMANDS: Readonly<Record<string, string>> = { s3: 's3api' };

/** The call as a command of the AWS CLI, sent to this proxy; a comment lists the input that is not in the record. */
export async function asCommand({ id, request }: DecisionRecord): Promise<string> {
  const { service = 'personalize', operation = '', region } = request;
  const command = operation.replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  const call = await get<RecordedCall>(`decisions/${encodeURIComponent(id)}/call`).catch(() => undefined);
  const input = call?.input ?? {};
  return [
    `aws ${COMMANDS[service] ?? service} ${command}`,
    ...(Object.keys(input).length > 0 ? [`--cli-input-json ${shellQuoted(JSON.stringify(input))}`] : []),
    ...(region === undefined ? [] : [`--region ${region}`]),
    `--endpoint-url ${location.origin}`,
    ...(call?.incomplete.length === 0
      ? []
      : [`# not as it was sent: ${call?.incomplete.join(', ') ?? 'input'}`]),
  ].join(' ');
}

const shellQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
