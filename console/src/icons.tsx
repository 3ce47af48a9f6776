/* Icons on a grid of 16, drawn with one stroke; beside each stands a word, so they are hidden from screen readers. */

const PATHS = {
  check: 'M3 8.5l3.2 3.2L13 4.8',
  ban: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM4 4l8 8',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z',
  key: 'M10.5 2.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8.3 7.7L2.5 13.5M4.5 11.5l2 2',
  reply: 'M6.5 3.5L2.5 7.5l4 4M2.5 7.5h6a5 5 0 0 1 5 5',
  unused: 'M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2z',
  warning: 'M8 2.2L14.5 13.5h-13zM8 6.5v3.2M8 11.4v.4',
  unplug:
    'M2 14l3-3M5 8.5L8 11.5M7 6l3.5 3.5M11 5l3-3M4.5 9l-1 1a2 2 0 0 0 2.8 2.8l1-1M11.5 7l1-1A2 2 0 0 0 9.700 3.2l-1 1',
  live: 'M8 6.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4zM4.200 4.200a5.400 5.400 0 0 0 0 7.600M11.800 4.200a5.400 5.400 0 0 1 0 7.600',
  pause: 'M5.500 3.500v9M10.500 3.500v9',
  play: 'M5 3.200v9.600L12.500 8z',
  search: 'M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM10.300 10.300l3.200 3.200',
  copy: 'M5.500 5.500h8v8h-8zM3 10.500h-.5v-8h8V3',
  external: 'M9.500 2.500h4v4M13.500 2.500L7.500 8.500M6.500 3.500h-4v10h10v-4',
  download: 'M8 2.500v7.500M4.800 7L8 10.200 11.200 7M2.500 13.500h11',
  reset: 'M3 3v3.500h3.500M3.300 6.300a5.200 5.200 0 1 1-.5 3.200',
  trash: 'M2.500 4.500h11M6 4.500v-2h4v2M4 4.500l.7 9h6.600l.7-9',
  chevron: 'M6 3.500L10.500 8 6 12.500',
  x: 'M3.500 3.500l9 9M12.500 3.500l-9 9',
  group: 'M2.500 4h11M4.500 8h9M6.500 12h7',
  more: 'M3.500 8h.1M8 8h.1M12.500 8h.1',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
    <path d={PATHS[name]} />
  </svg>
);
