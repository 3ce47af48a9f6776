import type { RunningProxy } from '../app/running-proxy.ts';
import { assignments, awsVariables } from '../commands/env/aws-variables.ts';
import { CONFIG_FILE } from '../config/read-config.ts';
import type { Directory, Role, User } from '../directory/directory.ts';
import { undocumentedGrants } from '../recorded-calls/undocumented-grants.ts';
import { redisLabel } from '../state/redis-label.ts';
import { faultLine } from './exit.ts';
import type { Invocation } from './invocation.ts';

type Colors = Invocation['colors'];

/** What `serve` prints before its `Ready.` line: where, in which mode, who may what, what is wrong, and a first call. */
export function banner(proxy: RunningProxy, colors: Colors): string {
  const { config, directory } = proxy;
  const mode =
    proxy.mode === 'enforce'
      ? colors.green('enforce')
      : colors.yellow('audit: denials are recorded, and forwarded');
  const rows: readonly (readonly [label: string, value: string])[] = [
    ['address', proxy.url],
    ...tlsRows(proxy),
    ['console', `${proxy.url}/_authz/`],
    ...processRows(config),
    ['mode', mode],
    ['upstream', proxy.upstream],
    ...dataRows(proxy),
    ['account', `${config.account} in ${config.region}`],
    [
      'config',
      config.shipped ? colors.yellow(`the shipped examples: there is no ${CONFIG_FILE} here`) : config.file,
    ],
    ['principals', config.principals],
    ['policies', config.policies],
    ['checks', CHECKS[config.undocumentedChecks]],
  ];
  return [
    colors.bold('personalize-authz-proxy'),
    ...rows.map(([label, value]) => `  ${label.padEnd(11)}${value}`),
    '',
    ...principalLines(directory, colors),
    '',
    ...undocumentedLines(proxy, colors),
    ...problemLines(directory, colors),
    ...firstCall(proxy, colors),
    '',
  ].join('\n');
}

/** Where data is that is not kept for this process only. */
function dataRows({
  config: { upstreams, objects },
}: RunningProxy): readonly (readonly [label: string, value: string])[] {
  const s3 = upstreams.s3 === 'embedded' ? objects.folder : upstreams.s3;
  return [
    ...(s3 === null ? [] : [['S3', s3] as const]),
    ...(upstreams.cloudwatch === 'embedded' ? [] : [['CloudWatch', upstreams.cloudwatch] as const]),
  ];
}

function tlsRows({ tls }: RunningProxy): readonly (readonly [label: string, value: string])[] {
  if (tls === undefined) return [];
  return [['over TLS', tls.url], ...(tls.caFile === undefined ? [] : [['CA file', tls.caFile] as const])];
}

/** A large account has thousands of principals and warnings, which would hide everything else. */
const MOST_LISTED = 100;

type Listed = readonly (User | Role)[];

const listed = ({ users, roles }: Directory): Listed =>
  [...users.values(), ...roles.values()].slice(0, MOST_LISTED);

const more = (all: number, where: string): readonly string[] =>
  all > MOST_LISTED ? [`  and ${(all - MOST_LISTED).toLocaleString('en-US')} more${where}`] : [];

function principalLines(directory: Directory, colors: Colors): readonly string[] {
  const all = listed(directory);
  const names = all.map(({ kind, name }) => `${kind}/${name}`);
  const width = Math.max(0, ...names.map((name) => name.length)) + 2;
  const lines = all.map((identity, i) => {
    const groups = identity.kind === 'user' ? identity.groups : [];
    const policies = [identity, ...groups].flatMap((holder) => [
      ...holder.managedPolicies,
      ...holder.inlinePolicies,
    ]);
    const boundary = identity.permissionsBoundary ? ` within ${identity.permissionsBoundary.name}` : '';
    const granted =
      policies.length === 0
        ? colors.dim('no policy: may do nothing')
        : policies.map(({ name }) => name).join(', ');
    return `  ${(names[i] ?? '').padEnd(width)}${granted}${boundary}`;
  });
  return [...lines, ...more(directory.users.size + directory.roles.size, ' principals')];
}

/** What differs from one process with a state of its own. */
const processRows = ({
  workers,
  state,
}: RunningProxy['config']): readonly (readonly [label: string, value: string])[] => [
  ...(workers > 1 ? [['workers', String(workers)] as const] : []),
  ...(state === 'memory' ? [] : [['state', redisLabel(state)] as const]),
];

/** Whether checks count that AWS may make and does not document. */
const CHECKS: Readonly<Record<RunningProxy['config']['undocumentedChecks'], string>> = {
  report: 'what AWS documents; what it may check besides is reported on each decision',
  enforce: 'what AWS documents, and what it may check besides',
};

/** Grants of the listed principals that pass here and may fail on AWS: one line a principal. */
function undocumentedLines({ config, directory }: RunningProxy, colors: Colors): readonly string[] {
  if (config.undocumentedChecks === 'enforce') return [];
  const grants = undocumentedGrants(directory, config.region, listed(directory));
  const byPrincipal = Map.groupBy(grants, ({ principal }) => principal);
  if (byPrincipal.size === 0) return [];
  return [
    colors.yellow(
      'Passes here and may fail on AWS, which may check more than it documents (undocumentedChecks):',
    ),
    ...[...byPrincipal].map(([principal, grants]) => `  ${principal}  ${grantsText(grants)}`),
    '',
  ];
}

/** Lists that are granted on their parents come last, however many they are in one part. */
function grantsText(grants: readonly ReturnType<typeof undocumentedGrants>[number][]): string {
  const lists = grants.filter(({ types }) => types.includes('*')).map(({ action }) => action);
  const others = grants.filter(({ types }) => !types.includes('*'));
  const more = lists.length > 1 ? ` and ${lists.length - 1} more` : '';
  return [
    ...others.map(({ action, types }) => `${action} with a ${types.join(' or ')}`),
    ...(lists.length > 0 ? [`${lists[0]}${more} without "*"`] : []),
  ].join(', ');
}

function problemLines({ warnings }: Directory, colors: Colors): readonly string[] {
  if (warnings.length === 0) return [];
  return [
    colors.yellow('To look at:'),
    ...warnings.slice(0, MOST_LISTED).map((diagnostic) => `  ${faultLine(diagnostic)}`),
    ...more(warnings.length, ' (lint reports all of them)'),
    '',
  ];
}

/** Three lines to copy: two for the AWS CLI, and a client for code. */
function firstCall(proxy: RunningProxy, colors: Colors): readonly string[] {
  const user = [...proxy.directory.users.values()].find(({ accessKeys }) =>
    accessKeys.some(({ status }) => status === 'Active'),
  );
  if (!user)
    return [colors.yellow(`No user has an active access key: add one to ${proxy.config.principals}.`)];
  const { endpoint, region, credentials } = proxy.clientConfig(`user/${user.name}`);
  const { accessKeyId, secretAccessKey } = credentials;
  const client = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  const variables = assignments(awsVariables({ endpoint, region, credentials }));
  return [
    `Make a call as ${user.name}:`,
    `  export ${variables.join(' ')}`,
    '  aws personalize list-dataset-groups',
    `  new PersonalizeClient(${objectLiteral(client)})`,
  ];
}

/** As people write it in code: JSON without quotes around plain names. */
const objectLiteral = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? `{ ${Object.entries(value)
        .map(([name, member]) => `${name}: ${objectLiteral(member)}`)
        .join(', ')} }`
    : `'${String(value).replaceAll(/['\\]/g, '\\$&')}'`;
