/**
 * Writes `test/fixtures/sigv4/vectors.json` from a folder of the published SigV4 test suite:
 * `node scripts/sigv4-vectors.ts FOLDER`. The suite: https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Context {
  readonly credentials: {
    readonly access_key_id: string;
    readonly secret_access_key: string;
  };
  readonly normalize: boolean;
  readonly omit_session_token?: boolean;
  readonly region: string;
  readonly service: string;
  readonly timestamp: string;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: node scripts/sigv4-vectors.ts FOLDER');

const lines = readdirSync(folder)
  .sort()
  .map((name) => JSON.stringify(vectorOf(name)));
const target = fileURLToPath(new URL('../test/fixtures/sigv4/vectors.json', import.meta.url));
writeFileSync(target, `[\n${lines.join(',\n')}\n]\n`);

function vectorOf(name: string) {
  const context = JSON.parse(read(name, 'context.json')) as Context;
  return {
    name,
    accessKeyId: context.credentials.access_key_id,
    secret: context.credentials.secret_access_key,
    region: context.region,
    service: context.service,
    time: context.timestamp,
    normalize: context.normalize,
    omitsToken: context.omit_session_token === true,
    header: formOf(name, 'header', context),
    query: formOf(name, 'query', context),
  };
}

function formOf(name: string, form: 'header' | 'query', context: Context) {
  const canonicalRequest = read(name, `${form}-canonical-request.txt`);
  const signature = read(name, `${form}-signature.txt`);
  const stamp = context.timestamp.replaceAll(/[-:]/g, '');
  const scope = `${stamp.slice(0, 8)}/${context.region}/${context.service}/aws4_request`;
  const hash = createHash('sha256').update(canonicalRequest).digest('hex');
  // The tests compute the string to sign from the canonical request, as is done here.
  if (read(name, `${form}-string-to-sign.txt`) !== `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${hash}`)
    throw new Error(`${name}: the published string to sign is not that of the canonical request`);
  return { ...parseRequest(read(name, `${form}-signed-request.txt`)), canonicalRequest, signature };
}

/** The files contain bare requests: `Name:value` lines, values folded over lines, paths that HTTP parsers reject. */
function parseRequest(text: string) {
  const [head = '', ...rest] = text.split('\n\n');
  const [requestLine = '', ...lines] = head.replaceAll(/\n(?=[ \t])/g, '\r').split('\n');
  const [, method = '', requestTarget = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(requestLine) ?? [];
  const headers = lines
    .filter((line) => line !== '')
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
  return { method, target: requestTarget, headers, body: rest.join('\n\n') };
}

function read(name: string, file: string): string {
  return readFileSync(join(folder ?? '', name, file), 'utf8');
}
