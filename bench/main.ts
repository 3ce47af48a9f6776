import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { benchEngine } from './engine.ts';
import { benchHttp } from './http.ts';
import { benchProofs } from './proofs.ts';
import { benchSigv4 } from './sigv4.ts';
import { benchStub } from './stub.ts';

// Memory is only told apart from garbage after a collection.
setFlagsFromString('--expose-gc');
globalThis.gc = runInNewContext('gc') as NonNullable<typeof globalThis.gc>;

console.log(`Node ${process.version}`);
await benchEngine();
benchProofs();
const { verifyMicros, signMicros, ratio } = await benchSigv4();
console.log(
  `sigv4    ${'verify a request'.padEnd(60)}${verifyMicros.toFixed(1)} µs   aws4 signs it in ${signMicros.toFixed(1)} µs   ratio ${ratio.toFixed(2)}`,
);
await benchStub();
await benchHttp();
