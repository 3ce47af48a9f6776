/**
 * Bundles the program into a folder: `node scripts/bundle.ts FOLDER`, two levels below the package's root. A start reads a
 * few files in place of a thousand; each command stays a file of its own that is loaded when it runs.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const ENTRIES = {
  cli: 'src/cli/process.ts',
  index: 'src/index.ts',
  vitest: 'src/testing/vitest.ts',
  jest: 'src/testing/jest.ts',
} as const;

/** Large, and loaded when a setting or a call asks for them: they are read from `node_modules`, like peers. */
const EXTERNAL = /^(?:redis|selfsigned|avsc|@aws-sdk\/credential-provider-node|vitest|jest|expect)(?:\/|$)/;

/** Read from files beside the bundle when they are used. */
const DATA = ['src/directory/generated', 'src/model/generated'];

/** Writes the bundle. @throws where a source has an error */
export async function bundle(folder: string): Promise<void> {
  const build = await rolldown({
    input: Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, join(ROOT, path)])),
    platform: 'node',
    external: EXTERNAL,
    // jsonc-parser's other form requires its parts by names that a bundler cannot see.
    resolve: { mainFields: ['module', 'main'] },
    plugins: [onePackageEach(), dataFiles(), onlyAscii()],
    logLevel: 'warn',
  });
  const { output } = await build.write({
    dir: folder,
    // An ES module that names `node:http` loads all that hangs on it, `fetch` and WebSocket too; `require` does not.
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    // Lines stay as they are, for stack traces.
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  for (const chunk of output)
    if (chunk.type === 'chunk' && chunk.isEntry && chunk.name !== 'cli')
      writeFileSync(join(folder, `${chunk.name}.js`), moduleOf(chunk.fileName, chunk.exports));
  await build.close();
  for (const path of DATA) cpSync(join(ROOT, path), join(folder, 'generated'), { recursive: true });
}

/** What `import` finds: the names, as an ES module. */
const moduleOf = (file: string, names: readonly string[]): string =>
  `import bundle from './${file}';\nexport const { ${names.join(', ')} } = bundle;\n`;

const PACKAGE = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))([\\/].*)$/;

/** npm may install one version of a package several times, below each package that needs it: one of them is enough. */
function onePackageEach(): Plugin {
  const first = new Map<string, string>();
  const versions = new Map<string, string>();
  const versionIn = (folder: string): string => {
    const version =
      versions.get(folder) ?? JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
    versions.set(folder, version);
    return version;
  };
  return {
    name: 'one-package-each',
    resolveId: {
      filter: { id: /^[a-z@]/ },
      async handler(source, importer, options) {
        const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
        const [, folder, name, path] = PACKAGE.exec(resolved?.id ?? '') ?? [];
        if (resolved === null || resolved.external || folder === undefined) return resolved;
        const key = `${name}@${versionIn(folder)}${path}`;
        const id = first.get(key) ?? resolved.id;
        first.set(key, id);
        return { ...resolved, id };
      },
    },
  };
}

/** The service models and the action reference are read from their files: in a bundle their text would stay in memory. */
function dataFiles(): Plugin {
  return {
    name: 'data-files',
    load: {
      filter: { id: /[\\/]src[\\/]model[\\/]generated[\\/][\w-]+\.json$/ },
      handler: (id) => ({
        code: `import { readFileSync } from 'node:fs';
          export default JSON.parse(readFileSync(\`\${__dirname}/generated/${basename(id)}\`, 'utf8'));`,
        moduleType: 'js',
      }),
    },
  };
}

/** V8 keeps a source with any other character in two bytes for each. */
function onlyAscii(): Plugin {
  return {
    name: 'only-ascii',
    renderChunk(code, { fileName }) {
      if (/\\[^\0-\x7f]|String\.raw`[^`]*[^\0-\x7f`]/.test(code))
        throw new Error(`${fileName} has an escaped character that is not ASCII`);
      return code.replaceAll(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    },
  };
}

const [, script = '', folder] = process.argv;
if (folder !== undefined && script === fileURLToPath(import.meta.url)) await bundle(folder);
