/** A process that makes one proof: the most memory that it needed is the proof's, not that of what was measured before. */
import { proveChain } from './proofs.ts';

process.send?.(proveChain());
process.disconnect();
