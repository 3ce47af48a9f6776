import type { Fields } from './fields.ts';

/** Tags as AWS spells them in lists: `[{ Key, Value }]`. */
export const tagsIn = (fields: Fields, key: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    fields.objects(key).flatMap((tag) => {
      const name = tag.text('Key');
      return name ? [[name.text, tag.optionalText('Value')?.text ?? '']] : [];
    }),
  );
