import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A temporary folder with these files; removed at the end. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'authz-bench-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Of the one user: an access key of AWS's documentation. */
export const KEY = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
} as const;

const shipped = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../policies/${name}.json`, import.meta.url)), 'utf8');

/** The three policies of the caller: actions by wildcard, by name, and with conditions. */
export const POLICIES: Readonly<Record<string, string>> = {
  'read-only': shipped('personalize-read-only'),
  'get-recommendations': shipped('get-recommendations'),
  'by-date-and-address': JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: ['personalize:PutItems', 'personalize:GetRecommendations'],
      Resource: '*',
      Condition: {
        IpAddress: { 'aws:SourceIp': ['127.0.0.0/8', '::1/128'] },
        DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' },
        DateLessThan: { 'aws:CurrentTime': '2130-01-01T00:00:00Z' },
      },
    },
  }),
};

/** Configuration of a proxy on free ports with one user. */
export const configuration = (): Readonly<Record<string, string>> => ({
  'config/proxy.yaml': 'listen: { port: 0 }\ntls: { port: 0 }\n',
  'config/principals.yaml': JSON.stringify({
    users: {
      shop: {
        accessKeys: [{ id: KEY.accessKeyId, secret: KEY.secretAccessKey }],
        managedPolicies: Object.keys(POLICIES),
      },
    },
  }),
  ...Object.fromEntries(Object.entries(POLICIES).map(([name, text]) => [`policies/${name}.json`, text])),
});
