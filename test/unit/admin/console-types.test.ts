import { expectTypeOf, it } from 'vitest';
import type { Explanation } from '../../../console/src/types.ts';
import type { ExplanationView } from '../../../src/admin/explain-view.ts';

/* The console is compiled on its own and declares what it reads; `npm run check:types` fails here where the two differ. */

it('sends an explanation with every member that the console reads', () => {
  expectTypeOf<ExplanationView>().toExtend<Explanation>();
});
