import { createTwoFilesPatch } from 'diff';

/**
 * A unified diff of a file that `git apply` and `patch -p1` take, whatever its path; empty where nothing changed.
 * @param file relative to the folder in which the patch is applied; an absolute path is named relative to `/`, because no tool
 *   takes an absolute one
 */
export function patchOf(file: string, before: string, after: string): string {
  if (before === after) return '';
  const name = file.replace(/^\/+/, '');
  const diff = createTwoFilesPatch(`a/${name}`, `b/${name}`, before, after, '', '', { context: 3 });
  // Without a tab after it, `patch` ends a name at its first space.
  const end = /\s/.test(file) ? '\t' : '';
  const [, ...lines] = diff.split('\n');
  return lines
    .map((line) => (/^(?:---|\+\+\+) [ab]\//.test(line) ? `${line.trimEnd()}${end}` : line))
    .join('\n');
}
