import { type PolicyFile, readPolicyFiles } from '../../directory/policy-files.ts';
import { type DocumentNode, duplicateKeys, faultAt, type ObjectNode } from '../../lib/document.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { readJson } from '../../lib/json-position.ts';
import { didYouMean } from '../../lib/nearest.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { readYaml } from '../../lib/yaml-position.ts';
import type { Operation } from '../../model/shape.ts';
import { decodeJson } from '../../wire/decode-json.ts';
import type { SeedCall } from './seed.ts';
import { seedInput } from './seed-input.ts';
import { personalizeOperations } from './service-operations.ts';

/**
 * The calls of a seed folder: its JSON and YAML files by name, each a list of `- CreateDatasetGroup: { name: shop }`.
 * Every diagnostic of every file at once.
 */
export async function readSeed(folder: string): Promise<Result<readonly SeedCall[], readonly Diagnostic[]>> {
  // The folder is read as that of the policies is: the same endings, dots left out, links followed.
  const { sources, diagnostics: unread } = await readPolicyFiles(folder);
  const read = sources.map(readFile);
  const diagnostics = [...unread, ...read.flatMap((file) => (file.ok ? [] : file.error))];
  return diagnostics.length > 0 ? err(diagnostics) : ok(read.flatMap((file) => (file.ok ? file.value : [])));
}

function readFile({ text, format, file }: PolicyFile): Result<readonly SeedCall[], readonly Diagnostic[]> {
  const document = (format === 'json' ? readJson : readYaml)(text, file);
  if (!document.ok) return document;
  const twice = duplicateKeys(document.value, file);
  if (twice.length > 0) return err(twice);
  const root = document.value;
  if (root.kind === 'scalar' && root.value === null) return ok([]);
  if (root.kind !== 'array')
    return err([faultAt('wrong-type', 'a seed file is a list of calls', root.position, file)]);
  const calls = root.items.map((item) => readCall(item, file));
  const diagnostics = calls.flatMap((call) => (call.ok ? [] : call.error));
  return diagnostics.length > 0
    ? err(diagnostics)
    : ok(calls.flatMap((call) => (call.ok ? [call.value] : [])));
}

function readCall(item: DocumentNode, file: string): Result<SeedCall, readonly Diagnostic[]> {
  const [entry, ...more] = item.kind === 'object' ? item.entries : [];
  if (entry === undefined || more.length > 0) {
    const message = 'a call is one operation with its input, like CreateDatasetGroup: { name: shop }';
    return err([faultAt('wrong-type', message, item.position, file)]);
  }
  const position = entry.keyPosition ?? item.position;
  const operations = personalizeOperations();
  const operation = operations.get(entry.key);
  if (operation === undefined) {
    const message = `"${entry.key}" is no operation of Amazon Personalize${didYouMean(entry.key, operations.keys())}`;
    return err([faultAt('unknown-operation', message, position, file)]);
  }
  const input = readInput(operation, entry.value, file);
  return input.ok
    ? ok({ operation, input: input.value, place: { file, ...position } })
    : err(
        input.error.map((diagnostic) => ({
          ...diagnostic,
          file,
          line: diagnostic.line ?? position?.line ?? 1,
        })),
      );
}

const NOTHING: ObjectNode = { kind: 'object', entries: [] };

function readInput(
  { name, input: shape }: Operation,
  given: DocumentNode,
  file: string,
): Result<SeedCall['input'], readonly Diagnostic[]> {
  if (shape === undefined) return ok({});
  const node = given.kind === 'scalar' && given.value === null ? NOTHING : given;
  const { value, diagnostics } = seedInput(node, shape, file);
  if (diagnostics.length > 0) return err(diagnostics);
  const decoded = decodeJson(Buffer.from(JSON.stringify(value)), shape);
  return decoded.ok
    ? decoded
    : err([faultAt('wrong-type', `${name}: ${decoded.error.message}`, given.position, file)]);
}
