import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { awsManagedPolicies } from '../../../directory/managed-policies.ts';
import {
  at,
  type DocumentNode,
  fromValue,
  itemsOf,
  memberOf,
  type TextPosition,
  toValue,
} from '../../../lib/document.ts';
import { err, ok, type Result } from '../../../lib/result.ts';
import { entriesOf } from './template.ts';

const SAM_TRANSFORM = 'AWS::Serverless-2016-10-31';
const TIMEOUT_MILLIS = 60_000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const MISSING = 3;
const INVALID = 4;

const OTHER_ROUTE =
  'or import the processed template of a deployed stack (aws cloudformation get-template --template-stage Processed)';

export interface SamOptions {
  readonly parameters: ReadonlyMap<string, string>;
  readonly partition: string;
  readonly region: string;
  /** Where programs are looked for. */
  readonly path: string;
}

/** Whether the only transform of a template is AWS SAM's. */
export function isSamTemplate(template: DocumentNode): boolean {
  const transform = memberOf(template, 'Transform');
  const names =
    transform?.kind === 'array' ? itemsOf(transform).map(toValue) : [transform && toValue(transform)];
  return names.length === 1 && names[0] === SAM_TRANSFORM;
}

/**
 * The CloudFormation template that AWS SAM's own translator makes of a SAM template. It runs in the Python that has
 * `aws-sam-translator`: that of `python3`, or of the `sam` command. Every value is placed where the SAM resource that it
 * comes from begins.
 * @see https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
 */
export async function translateSam(
  template: DocumentNode,
  { parameters, partition, region, path }: SamOptions,
): Promise<Result<DocumentNode, string>> {
  const input = JSON.stringify({
    template: toValue(template),
    parameters: Object.fromEntries(parameters),
    policies: Object.fromEntries(
      awsManagedPolicies.list().map(({ name, arn }) => [name, arn.replace(/^arn:aws:/, `arn:${partition}:`)]),
    ),
  });
  for (const python of await pythons(path)) {
    const ran = await run(python, input, { PATH: path, AWS_DEFAULT_REGION: region, AWS_REGION: region });
    if (ran.code === MISSING) continue;
    if (ran.code === 0) return ok(placed(JSON.parse(ran.stdout), template));
    const reason = ran.code === INVALID ? ran.stdout.trim() : ran.stderr.trim().split('\n').at(-1);
    return err(`aws-sam-translator cannot translate this SAM template: ${reason || 'it printed no reason'}`);
  }
  return err(
    `this is a SAM template: install its translator (pip install aws-sam-translator, or the sam command) and import again, ${OTHER_ROUTE}`,
  );
}

/** `python3`, and the interpreter that the `sam` command starts with. */
async function pythons(path: string): Promise<readonly string[]> {
  const found = ['python3', 'python'];
  for (const folder of path.split(delimiter)) {
    try {
      await using file = await open(join(folder, 'sam'));
      const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, 0);
      const [, interpreter] = /^#!(\/\S*python[\d.]*)\s/.exec(buffer.toString('utf8', 0, bytesRead)) ?? [];
      if (interpreter !== undefined) found.push(interpreter);
    } catch {
      // There is no such command in this folder.
    }
  }
  return found;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the script with `input` on its standard input, in a folder without modules that could be imported by accident. */
function run(python: string, input: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  const { promise, resolve } = Promise.withResolvers<Ran>();
  const limits = { timeout: TIMEOUT_MILLIS, maxBuffer: MAX_OUTPUT_BYTES };
  const child = execFile(
    python,
    ['-c', SCRIPT],
    { ...limits, env: { ...process.env, ...env }, cwd: '/' },
    (cause, stdout, stderr) => {
      if (cause === null) return resolve({ code: 0, stdout, stderr });
      if (cause.code === 'ENOENT' || cause.code === 'EACCES')
        return resolve({ code: MISSING, stdout, stderr });
      resolve({
        code: typeof cause.code === 'number' ? cause.code : 1,
        stdout,
        stderr: stderr || cause.message,
      });
    },
  );
  // If the program ends before it has read everything, its exit code is the reason.
  child.stdin?.on('error', () => {}).end(input);
  return promise;
}

/** What is packaged at deployment (code, API definitions) does not concern IAM: its place is taken by an object in S3. */
const SCRIPT = `
import json, sys
try:
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator
except ImportError:
    sys.exit(${MISSING})
given = json.load(sys.stdin)
template = given['template']
LOCAL = ('CodeUri', 'ContentUri', 'DefinitionUri', 'Location')
def package(properties):
    for name in LOCAL:
        if isinstance(properties.get(name), str) and '://' not in properties[name]:
            properties[name] = 's3://packaged/object'
for part in (template.get('Globals'), ):
    for properties in (part or {}).values():
        if isinstance(properties, dict):
            package(properties)
for resource in (template.get('Resources') or {}).values():
    if not isinstance(resource, dict) or not str(resource.get('Type', '')).startswith('AWS::Serverless::'):
        continue
    properties = resource.setdefault('Properties', {})
    if not isinstance(properties, dict):
        continue
    package(properties)
    code = ('CodeUri', 'InlineCode', 'ImageUri')
    shared = ((template.get('Globals') or {}).get('Function') or {})
    if resource['Type'] == 'AWS::Serverless::Function' and not any(name in properties or name in shared for name in code):
        key = 'ImageUri' if properties.get('PackageType', shared.get('PackageType')) == 'Image' else 'CodeUri'
        properties[key] = 'packaged' if key == 'ImageUri' else 's3://packaged/object'
try:
    translated = Translator(given['policies'], Parser()).translate(template, given['parameters'])
except InvalidDocumentException as failure:
    print('; '.join(str(each.message) for each in failure.causes) or str(failure.message))
    sys.exit(${INVALID})
json.dump(translated, sys.stdout)
`;

/** Every value at the position of the SAM resource whose logical ID its own begins with; the longest one. */
function placed(translated: unknown, template: DocumentNode): DocumentNode {
  const document = fromValue(translated);
  const positions = new Map(
    entriesOf(memberOf(template, 'Resources')).map(({ key, keyPosition }) => [key, keyPosition]),
  );
  const positionOf = (id: string): TextPosition | undefined => {
    for (let end = id.length; end > 0; end -= 1) {
      const position = positions.get(id.slice(0, end));
      if (position) return position;
    }
    return undefined;
  };
  if (document.kind !== 'object') return document;
  const entries = document.entries.map(({ key, value }) => {
    if (key !== 'Resources' || value.kind !== 'object') return { key, value };
    const resources = value.entries.map((resource) => {
      const position = positionOf(resource.key);
      const keyPosition = position && { keyPosition: position };
      return { key: resource.key, value: moved(resource.value, position), ...keyPosition };
    });
    return { key, value: { ...value, entries: resources } };
  });
  return { ...document, entries };
}

/** The same document with every value at one position. */
function moved(node: DocumentNode, position: TextPosition | undefined): DocumentNode {
  if (node.kind === 'array')
    return { ...node, items: node.items.map((item) => moved(item, position)), ...at(position) };
  if (node.kind === 'scalar') return { ...node, ...at(position) };
  const entries = node.entries.map(({ key, value }) => ({
    key,
    value: moved(value, position),
    ...(position && { keyPosition: position }),
  }));
  return { ...node, entries, ...at(position) };
}
