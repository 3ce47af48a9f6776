import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type ConfigSources, readConfig } from '../../../src/config/read-config.ts';
import { SETTINGS } from '../../../src/config/settings.ts';
import { toValue } from '../../../src/lib/document.ts';
import { readYaml } from '../../../src/lib/yaml-position.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SHIPPED = join(ROOT, 'config/proxy.yaml');

const folder = mkdtempSync(join(tmpdir(), 'authz-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Given {
  readonly yaml?: string;
  readonly env?: ConfigSources['env'];
  readonly flags?: ConfigSources['flags'];
}

const FILE = join(folder, 'etc/proxy.yaml');

function read({ yaml = '', env = {}, flags = {} }: Given) {
  mkdirSync(join(folder, 'etc'), { recursive: true });
  writeFileSync(FILE, yaml);
  return readConfig({ file: FILE, env, flags, workingFolder: folder });
}

function configOf(given: Given) {
  const config = read(given);
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  return config.value;
}

/** `LINE:COLUMN rule message`, or without place. */
function diagnosticsOf(given: Given): readonly string[] {
  const config = read(given);
  if (config.ok) return [];
  return config.error.map(({ file, line, column, rule, message }) => {
    expect(file === undefined || file === FILE).toBe(true);
    return line === undefined ? `${rule} ${message}` : `${line}:${column} ${rule} ${message}`;
  });
}

const DEFAULTS = {
  listen: { host: '127.0.0.1', port: 7377, adminHosts: [], trustedProxies: [] },
  cors: [],
  tls: { mode: 'off', port: 7378, cert: null, key: null, ca: null },
  workers: 1,
  account: '123456789012',
  partition: 'aws',
  region: 'us-east-1',
  mode: 'enforce',
  upstream: 'embedded',
  upstreams: { s3: 'embedded', cloudwatch: 'embedded' },
  objects: { folder: null },
  upstreamCredentials: 'none',
  resourceTagSeconds: 30,
  clockSkewMinutes: 5,
  undocumentedChecks: 'report',
  serviceRoles: 'enforce',
  limits: { unauthenticatedBytes: 67_108_864, uploadBytes: 268_435_456 },
  session: { key: 'file', file: null },
  decisions: { file: null, format: 'jsonl', maxBytes: 104_857_600, keep: 10 },
  state: 'memory',
  stub: { store: 'memory', transitionSeconds: 0, fixtures: null, seed: null },
  console: { write: false, editor: 'vscode://file/{path}:{line}' },
};

describe("the stub's files", () => {
  it('start from the configuration, and from the working folder where a flag or a variable names them', () => {
    const yaml = 'stub: { store: "sqlite:stub.db", fixtures: fixtures.yaml, seed: seed }';

    expect(configOf({ yaml }).stub).toEqual({
      store: `sqlite:${join(folder, 'etc/stub.db')}`,
      transitionSeconds: 0,
      fixtures: join(folder, 'etc/fixtures.yaml'),
      seed: join(folder, 'etc/seed'),
    });
    expect(
      configOf({ yaml, env: { AUTHZ_STUB_SEED: 'mine' }, flags: { 'stub-store': 'sqlite:/tmp/x.db' } }).stub,
    ).toMatchObject({ store: 'sqlite:/tmp/x.db', seed: join(folder, 'mine') });
  });

  it('stay as they are where the store is in memory or in Redis', () => {
    expect(configOf({ yaml: 'stub: { store: "redis://u:p@cache:6379/2" }' }).stub.store).toBe(
      'redis://u:p@cache:6379/2',
    );
  });
});

describe('the state of several replicas', () => {
  const state = 'redis://cache:6379';

  it('holds the resources of the stub, unless they are in another Redis', () => {
    expect(configOf({ yaml: `state: ${state}` }).stub.store).toBe(state);
    const yaml = `state: ${state}\nstub: { store: "redis://other:6379" }`;
    expect(configOf({ yaml }).stub.store).toBe('redis://other:6379');
  });

  it.each([
    [
      `state: ${state}\nstub: { store: "sqlite:x.db" }`,
      '2:16 not-shared stub.store: a file belongs to one replica',
    ],
    ['state: sqlite:x.db', '1:8 invalid-value state: must be memory or redis://<host>'],
    ['state: "redis://"', '1:8 invalid-value state: must be memory or redis://<host>'],
  ])('is refused as %j', (yaml, diagnostic) => {
    expect(diagnosticsOf({ yaml })).toEqual([expect.stringContaining(diagnostic)]);
  });
});

describe('the defaults', () => {
  it('are those of an empty file', () => {
    expect(configOf({})).toEqual({
      ...DEFAULTS,
      file: FILE,
      shipped: false,
      principals: join(folder, 'etc/principals.yaml'),
      policies: join(folder, 'policies'),
    });
  });

  it('are those of the file that is shipped', () => {
    const shipped = readConfig({ file: SHIPPED, env: {}, flags: {} });
    expect(shipped).toEqual({
      ok: true,
      value: {
        ...DEFAULTS,
        file: SHIPPED,
        shipped: false,
        principals: join(ROOT, 'config/principals.yaml'),
        policies: join(ROOT, 'policies'),
      },
    });
  });
});

describe('the file', () => {
  it('is the one that is named, by argument, flag or variable in this order', () => {
    const other = join(folder, 'other.yaml');
    writeFileSync(other, 'mode: audit');
    writeFileSync(FILE, '');
    const fileOf = (sources: Omit<ConfigSources, 'workingFolder'>) => {
      const config = readConfig({ ...sources, workingFolder: folder });
      return config.ok && config.value.file;
    };
    expect(fileOf({ env: { AUTHZ_CONFIG: 'other.yaml' }, flags: {} })).toBe(other);
    expect(fileOf({ env: { AUTHZ_CONFIG: 'x' }, flags: { config: 'other.yaml' } })).toBe(other);
    expect(fileOf({ file: other, env: { AUTHZ_CONFIG: 'x' }, flags: { config: 'y' } })).toBe(other);
  });

  it('is config/proxy.yaml of the working folder, else the one of the package', () => {
    const own = mkdtempSync(join(folder, 'own-'));
    const fileOf = () => {
      const config = readConfig({ env: {}, flags: {}, workingFolder: own });
      return config.ok && config.value.file;
    };
    expect(fileOf()).toBe(SHIPPED);
    mkdirSync(join(own, 'config'));
    writeFileSync(join(own, 'config/proxy.yaml'), '');
    expect(fileOf()).toBe(join(own, 'config/proxy.yaml'));
  });

  it('that is named and is not there is a fault', () => {
    const config = readConfig({ file: join(folder, 'none.yaml'), env: {}, flags: {} });
    expect(config).toMatchObject({
      ok: false,
      error: [
        { rule: 'unreadable', message: 'cannot be read: it does not exist', file: join(folder, 'none.yaml') },
      ],
    });
  });

  it('gives paths relative to itself, variables and flags relative to the working folder', () => {
    const yaml = 'principals: who.yaml\npolicies: what\ndecisions: { file: log.jsonl }';
    expect(configOf({ yaml })).toMatchObject({
      principals: join(folder, 'etc/who.yaml'),
      policies: join(folder, 'etc/what'),
      decisions: { file: join(folder, 'etc/log.jsonl') },
    });
    const env = { AUTHZ_PRINCIPALS: 'who.yaml', AUTHZ_DECISIONS_FILE: 'log.jsonl' };
    expect(configOf({ yaml, env, flags: { policies: '/abs' } })).toMatchObject({
      principals: join(folder, 'who.yaml'),
      policies: resolve('/abs'),
      decisions: { file: join(folder, 'log.jsonl') },
    });
  });

  it.each([
    ['mode: enforced', '1:7 invalid-value mode: must be enforce or audit; did you mean "enforce"?'],
    ['moed: audit', '1:1 unknown-key moed: unknown key; did you mean "mode"?'],
    ['listen: { prot: 1 }', '1:11 unknown-key listen.prot: unknown key; did you mean "port"?'],
    ['listen: 7377', '1:9 wrong-type listen: must be a mapping, not a number'],
    ['listen: { port: 70000 }', '1:17 invalid-value listen.port: must be from 0 to 65535'],
    [
      'listen: { trustedProxies: [10.0.0.0/8, 10.0.0] }',
      '1:27 invalid-value listen.trustedProxies: must be addresses and ranges like 10.0.0.0/8 and ::1',
    ],
    ['listen: { port: 1.5 }', '1:17 wrong-type listen.port: must be a whole number'],
    ['account: 123456789012', '1:10 wrong-type account: must be text, not a number (add quotes)'],
    ['account: "1234"', '1:10 invalid-value account: an account id has 12 digits'],
    [
      'partition: aws-chn',
      '1:12 invalid-value partition: must be aws or aws-cn or aws-us-gov or aws-iso or aws-iso-b or aws-iso-e or aws-iso-f or aws-eusc; did you mean "aws-cn"?',
    ],
    ['region: Virginia', '1:9 invalid-value region: a region is like us-east-1'],
    [
      'upstream: stub',
      '1:11 invalid-value upstream: must be embedded, aws, or an address like http://host:port, without path, query and password',
    ],
    [
      'upstream: http://user:pw@host/x',
      '1:11 invalid-value upstream: must be embedded, aws, or an address like http://host:port, without path, query and password',
    ],
    ['clockSkewMinutes: 0', '1:19 invalid-value clockSkewMinutes: must be more than 0 minutes'],
    ['tls: { mode: on }', '1:14 invalid-value tls.mode: must be off or self-signed or files'],
    ['tls: { mode: files, key: k.pem }', '1:6 missing-key tls.cert: is required with tls.mode files'],
    ['decisions: { maxBytes: 10 }', '1:24 invalid-value decisions.maxBytes: must be at least 1024 bytes'],
    [
      'stub: { store: "redis:///" }',
      '1:16 invalid-value stub.store: must be memory, sqlite:<file> or redis://<host>',
    ],
    [
      'stub: { store: disk }',
      '1:16 invalid-value stub.store: must be memory, sqlite:<file> or redis://<host>',
    ],
    ['session: { key: env }', '1:17 missing-key session.key: env, but AUTHZ_SESSION_KEY is not set'],
    ['mode: audit\nmode: enforce', '2:1 duplicate-key duplicate key "mode"'],
  ])('%s is refused', (yaml, diagnostic) => {
    expect(diagnosticsOf({ yaml })).toEqual([diagnostic]);
  });

  it('reports all errors together, including those of variables and flags', () => {
    const diagnostics = diagnosticsOf({
      yaml: 'moed: audit\nregion: here',
      env: { AUTHZ_PROT: '1', AUTHZ_MODE: 'on' },
      flags: { prot: 1 },
    });
    expect(diagnostics).toEqual([
      '1:1 unknown-key moed: unknown key; did you mean "mode"?',
      '2:9 invalid-value region: a region is like us-east-1',
      'invalid-value AUTHZ_MODE: must be enforce or audit',
      'unknown-variable AUTHZ_PROT: unknown variable; did you mean "AUTHZ_PORT"?',
      'unknown-flag --prot: unknown flag; did you mean "--port"?',
    ]);
  });
});

describe('precedence', () => {
  const yaml = 'listen: { port: 1, host: "::1" }';

  it('is flag before environment before file before default', () => {
    const env = { AUTHZ_PORT: '2' };
    expect(configOf({}).listen.port).toBe(7377);
    expect(configOf({ yaml }).listen.port).toBe(1);
    expect(configOf({ yaml, env }).listen).toMatchObject({ port: 2, host: '::1' });
    expect(configOf({ yaml, env, flags: { port: '3' } }).listen.port).toBe(3);
  });

  it('counts an empty variable and an undefined flag as not given', () => {
    expect(configOf({ yaml, env: { AUTHZ_PORT: '' }, flags: { port: undefined } }).listen.port).toBe(1);
  });

  it('lets a good value replace a bad one of the file', () => {
    expect(configOf({ yaml: 'mode: x', flags: { mode: 'audit' } }).mode).toBe('audit');
  });

  it.each(['decisions-file', 'decisionsFile'])('takes the flag spelled %s', (name) => {
    expect(configOf({ flags: { [name]: 'x' } }).decisions.file).toBe(join(folder, 'x'));
  });

  it.each([
    [{ AUTHZ_PORT: 'http' }, 'wrong-type AUTHZ_PORT: must be a number, not text'],
    [{ AUTHZ_PORT: '-1' }, 'wrong-type AUTHZ_PORT: must be a number, not text'],
    [
      { AUTHZ_TLS_MODE: 'file' },
      'invalid-value AUTHZ_TLS_MODE: must be off or self-signed or files; did you mean "files"?',
    ],
  ])('names the variable of a bad value: %o', (env, diagnostic) => {
    expect(diagnosticsOf({ env })).toEqual([diagnostic]);
  });

  it('names the flag of a bad value', () => {
    expect(diagnosticsOf({ flags: { mode: 'adit' } })).toEqual([
      'invalid-value --mode: must be enforce or audit; did you mean "audit"?',
    ]);
  });
});

describe('trusted proxies', () => {
  it('are a list, in a variable and a flag separated by commas', () => {
    const wanted = ['10.0.0.0/8', '::1'];
    expect(
      configOf({ yaml: 'listen: { trustedProxies: [10.0.0.0/8, "::1"] }' }).listen.trustedProxies,
    ).toEqual(wanted);
    expect(configOf({ env: { AUTHZ_TRUSTED_PROXIES: '10.0.0.0/8, ::1' } }).listen.trustedProxies).toEqual(
      wanted,
    );
    expect(configOf({ flags: { trustedProxies: wanted } }).listen.trustedProxies).toEqual(wanted);
  });
});

describe('the upstream', () => {
  it.each([
    ['embedded', 'embedded'],
    ['aws', 'aws'],
    ['http://stub:7379', 'http://stub:7379'],
    ['https://example.com/', 'https://example.com'],
  ])('%s is %s', (written, read) => {
    expect(configOf({ flags: { upstream: written } }).upstream).toBe(read);
  });
});

describe('the key of session tokens', () => {
  const key = Buffer.alloc(32, 7);
  const env = { AUTHZ_SESSION_KEY: key.toString('base64') };

  it('is the one of AUTHZ_SESSION_KEY where that is set', () => {
    const { session } = configOf({ env });
    expect(session.key === 'env' && session.secret.export()).toEqual(key);
  });

  it('is in no print of the configuration', () => {
    const printed = JSON.stringify(configOf({ env })) + String(configOf({ env }).session);
    expect(printed).not.toContain(env.AUTHZ_SESSION_KEY);
  });

  it('comes from another file where one is named, relative to the file that names it', () => {
    const { session, file } = configOf({ yaml: 'session: { file: keys/session.key }' });
    expect(session).toEqual({ key: 'file', file: join(dirname(file), 'keys/session.key') });
  });

  it('comes from the file where a flag says so', () => {
    expect(configOf({ env, flags: { 'session-key': 'file' } }).session).toEqual({ key: 'file', file: null });
  });

  it.each(['c2hvcnQ=', 'no base64'])('must be the base64 of 32 bytes, not %s', (text) => {
    expect(diagnosticsOf({ env: { AUTHZ_SESSION_KEY: text } })).toEqual([
      'invalid-value AUTHZ_SESSION_KEY: must be the base64 of 32 bytes',
    ]);
  });
});

describe('the table of settings', () => {
  it('has a row for every key of the shipped file, and no other', () => {
    const document = readYaml(readShipped());
    const keys = document.ok ? leavesOf(toValue(document.value)) : [];
    expect(SETTINGS.map(({ key }) => key).toSorted()).toEqual(keys.toSorted());
  });

  it('gives every key a variable and a flag of its own', () => {
    expect(new Set(SETTINGS.map(({ variable }) => variable)).size).toBe(SETTINGS.length);
    expect(new Set(SETTINGS.map(({ flag }) => flag)).size).toBe(SETTINGS.length);
  });
});

const readShipped = (): string => readFileSync(SHIPPED, 'utf8');

const leavesOf = (value: unknown, path = ''): readonly string[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, member]) => leavesOf(member, path ? `${path}.${key}` : key))
    : [path];
