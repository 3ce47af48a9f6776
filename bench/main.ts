import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { benchEngine } from './engine.ts';

// Memory is only told apart from garbage after a collection.
setFlagsFromString('--expose-gc');
globalThis.gc = runInNewContext('gc') as NonNullable<typeof globalThis.gc>;

console.log(`Node ${process.version}`);
await benchEngine();
