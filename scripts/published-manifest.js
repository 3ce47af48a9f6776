// Takes the prepare script out of package.json while npm packs, and puts it back with --restore: in a package that is
// installed it would do nothing, and npm warns of it.
import { readFileSync, writeFileSync } from 'node:fs';

const MANIFEST = new URL('../package.json', import.meta.url);
const PREPARE = '    "prepare": "node scripts/prepare.js",\n';
const BEFORE = '    "check": ';

const text = readFileSync(MANIFEST, 'utf8');
const without = text.replace(PREPARE, '');
const restored = without.replace(BEFORE, `${PREPARE}${BEFORE}`);
writeFileSync(MANIFEST, process.argv.includes('--restore') ? restored : without);
