/** A process that measures one part, in memory that nothing was measured in before. */
import { PARTS } from './parts.ts';
import type { Plan } from './plan.ts';

const [, , name = '', plan = ''] = process.argv;
process.send?.(await PARTS[name]?.(JSON.parse(plan) as Plan));
process.disconnect();
