import { createHash } from 'node:crypto';
import { displayPath, readText } from '../../directory/source-file.ts';
import type { Snapshot } from '../../directory/watch-files.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { readJson } from '../../lib/json-position.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { readYaml } from '../../lib/yaml-position.ts';
import { checkFixtures, type StubFixtures } from './fixtures.ts';

/** The script that a file holds. */
export interface FixturesFile extends Snapshot {
  readonly fixtures: StubFixtures;
}

/** Reads the file of `stub.fixtures`, YAML or JSON (absolute path). Every diagnostic at once, with its line and column. */
export async function readFixtures(file: string): Promise<Result<FixturesFile, readonly Diagnostic[]>> {
  const text = await readText(file);
  if (!text.ok) return err([text.error]);
  const document = (file.endsWith('.json') ? readJson : readYaml)(text.value, displayPath(file));
  if (!document.ok) return document;
  const fixtures = checkFixtures(document.value, displayPath(file));
  const digest = createHash('sha256').update(text.value).digest('hex');
  return fixtures.ok ? ok({ fixtures: fixtures.value, files: [file], digest }) : fixtures;
}
