import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder with the given files, gone at the end. */
export class TemporaryFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'authz-'));

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): string {
    const file = join(this.path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A configuration with alice, who may do what `policies/p.json` says. */
export const configuration = (policy: string = allow('personalize:*')): Readonly<Record<string, string>> => ({
  'config/proxy.yaml': 'listen: { port: 0 }\n',
  'config/principals.yaml':
    'users:\n  alice:\n    accessKeys: [{ id: AKIAEXAMPLEALICE0000, secret: the-secret-of-alice }]\n    managedPolicies: [p]\n',
  'policies/p.json': policy,
});

/** A policy document that allows these actions on everything. */
export const allow = (...actions: readonly string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
