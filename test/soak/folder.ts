import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from './random.ts';

export const ACCOUNT = '123456789012';

export const KEYS = {
  alice: { id: 'AKIALOCALSOAKALICE00', secret: 'local-only-secret-of-alice' },
  bob: { id: 'AKIALOCALSOAKBOB0000', secret: 'local-only-secret-of-bob' },
  prober: { id: 'AKIALOCALSOAKPROBER0', secret: 'local-only-secret-of-prober' },
} as const;

const user = (name: keyof typeof KEYS, more: Readonly<Record<string, unknown>>) => ({
  accessKeys: [KEYS[name]],
  ...more,
});

const PRINCIPALS = {
  users: {
    alice: user('alice', { managedPolicies: ['team'] }),
    bob: user('bob', { managedPolicies: ['team'], groups: ['readers'], permissionsBoundary: 'fence' }),
    prober: user('prober', { managedPolicies: ['everything'] }),
  },
  groups: { readers: { managedPolicies: ['read'] } },
  roles: { worker: { trustPolicy: 'trust', managedPolicies: ['team'] } },
};

const VERSION = '2012-10-17';
const allow = (action: string | readonly string[], resource = '*') => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});

/** Policies that no one edits. */
export const FIXED = {
  everything: { Version: VERSION, Statement: [allow('*')] },
  read: { Version: VERSION, Statement: [allow(['personalize:ListSchemas', 'personalize:Describe*'])] },
  fence: {
    Version: VERSION,
    Statement: [
      allow('personalize:List*'),
      allow('personalize:*', `arn:aws:personalize:*:${ACCOUNT}:*/bob-*`),
    ],
  },
} as const;

const TRUST = {
  Version: VERSION,
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' },
  ],
};

const GRANTS = [
  allow('personalize:List*'),
  allow('personalize:ListCampaigns'),
  allow(['personalize:DescribeCampaign', 'personalize:GetRecommendations']),
  allow('personalize:*', `arn:aws:personalize:*:${ACCOUNT}:campaign/\${aws:username}-*`),
  allow('personalize:*', `arn:aws:personalize:us-east-1:${ACCOUNT}:solution/*`),
  { ...allow('*'), Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } } },
  { ...allow('*'), Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } },
  { ...allow('personalize:*'), Effect: 'Deny', Resource: 'arn:aws:personalize:*:*:campaign/bob-*' },
  { ...allow('personalize:Delete*'), Effect: 'Deny' },
  {
    Effect: 'Deny',
    NotAction: ['personalize:List*', 'sts:*'],
    Resource: 'arn:aws:personalize:*:*:solution/*',
  },
];

/** A version of the policy that is edited; its first Sid is the version's name. */
export function teamPolicy(version: string, random: Random): unknown {
  const grants = random.some(GRANTS);
  const marked = { Sid: version, ...allow(`personalize:${random.pick(['ListSchemas', 'ListSolutions'])}`) };
  return { Version: VERSION, Statement: [marked, ...grants] };
}

/** What `proxy.yaml` has besides. */
export interface SoakSettings {
  readonly upstream: string;
  readonly decisionsFile: string;
  readonly decisionsMaxBytes: number;
}

/** Writes a configuration. @returns the path of `proxy.yaml` */
export function writeFolder(path: string, first: unknown, settings: SoakSettings): string {
  const { upstream, decisionsFile: file, decisionsMaxBytes: maxBytes } = settings;
  for (const name of ['config', 'policies', 'links']) mkdirSync(join(path, name), { recursive: true });
  const write = (name: string, value: unknown): void =>
    writeFileSync(join(path, name), JSON.stringify(value, undefined, 2));
  // JSON is YAML.
  write('config/proxy.yaml', {
    listen: { port: 0 },
    upstream,
    decisions: { file, maxBytes, keep: 2 },
  });
  write('config/principals.yaml', PRINCIPALS);
  write('policies/trust.json', TRUST);
  write('policies/team.json', first);
  for (const [name, document] of Object.entries(FIXED)) write(`policies/${name}.json`, document);
  return join(path, 'config/proxy.yaml');
}
