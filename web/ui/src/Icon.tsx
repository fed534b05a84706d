/** Line drawings on a grid of 24, in the colour of the text around them. Always decoration: words carry the meaning. */
const drawings = {
  phone: 'M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z',
  'phone-off': 'M3 15c5-5 13-5 18 0l-2 3-4-2v-2.5a12 12 0 0 0-6 0V16l-4 2z',
  mail: 'M3 6h18v12H3zM3 7l9 6 9-6',
  chat: 'M4 5h16v11H10l-5 4v-4H4z',
  message: 'M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12h5',
  mic: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4',
  'mic-off': 'M9 9v2a3 3 0 0 0 5 2.2M15 10V6a3 3 0 0 0-6-.5M6 11a6 6 0 0 0 10 4.5M18 11v1M12 17v4M4 4l16 16',
  pause: 'M8 5v14M16 5v14',
  play: 'M8 5l11 7-11 7z',
  keypad: 'M6 6h.01M12 6h.01M18 6h.01M6 12h.01M12 12h.01M18 12h.01M6 18h.01M12 18h.01M18 18h.01',
  forward: 'M14 6l6 6-6 6M20 12H9a5 5 0 0 0-5 5v1',
  park: 'M9 18V6h4a3.5 3.5 0 0 1 0 7H9M4 3h16v18H4z',
  search: 'M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM16 16l4 4',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12l5 5 9-11',
  down: 'M7 10l5 5 5-5',
  right: 'M10 7l5 5-5 5',
  left: 'M14 7l-5 5 5 5',
  clip: 'M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.2 4.2l-7.8 7.8a1.5 1.5 0 0 1-2.1-2.1L14 7.5',
  download: 'M12 4v11M7 10l5 5 5-5M5 20h14',
  warning: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20a8 8 0 0 1 16 0',
  business: 'M4 21V5l8-2v18M12 9h8v12M4 21h17M8 8h.01M8 12h.01M8 16h.01M16 13h.01M16 17h.01',
  edit: 'M4 20h4L19 9l-4-4L4 16zM13 7l4 4',
  plus: 'M12 5v14M5 12h14',
  note: 'M5 4h14v11l-5 5H5zM14 20v-5h5M8 9h8M8 13h4',
  book: 'M4 5a3 3 0 0 1 3-2h13v15H7a3 3 0 0 0-3 2zM4 5v15a2 2 0 0 0 2 1h14v-3',
  box: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  calendar: 'M4 6h16v14H4zM4 10h16M8 3v4M16 3v4',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4l3 2',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  send: 'M4 4l17 8-17 8 3-8zM7 12h14',
  undo: 'M9 7L4 12l5 5M4 12h10a5 5 0 0 1 0 10h-2',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M4 12H2M22 12h-2M5 5l1.5 1.5M17.5 17.5L19 19M19 5l-1.5 1.5M6.5 17.5L5 19',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10',
  out: 'M10 4H5v16h5M15 8l4 4-4 4M19 12H9',
  bell: 'M6 16V10a6 6 0 0 1 12 0v6l2 2H4zM10 21h4',
  ear: 'M8 20a3 3 0 0 0 4-2c.5-2 3-3 4-5a6 6 0 1 0-11-4M9 10a2.500 2.500 0 0 1 5 0c0 2-3 2-3 4.500',
  whisper: 'M4 5h10v8H9l-3 3v-3H4zM18 7a7 7 0 0 1 0 8M21 5a10 10 0 0 1 0 12',
  people: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM2 19a6 6 0 0 1 12 0M16 6a3 3 0 0 1 0 6M17 14a5.500 5.500 0 0 1 5 5',
  hand: 'M7 12V6a1.500 1.500 0 0 1 3 0v5M10 11V4.500a1.500 1.500 0 0 1 3 0V11M13 11V5.500a1.500 1.500 0 0 1 3 0V13M16 9.500a1.500 1.500 0 0 1 3 0V15a6 6 0 0 1-11 3.500L4.500 14a1.500 1.500 0 0 1 2.500-1.700',
  globe: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM4 12h16M12 4c3 2.500 3 13.500 0 16M12 4c-3 2.500-3 13.500 0 16',
  work: 'M4 6h16M4 12h16M4 18h10',
  board: 'M4 20V4M4 20h16M8 16v-5M12 16V7M16 16v-8',
  gear: 'M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1',
} as const;
export type IconName = keyof typeof drawings;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  const heavy = name === 'keypad' ? 2.6 : 1.7;
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={heavy}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flex: 'none' }}
    >
      <path d={drawings[name]} />
    </svg>
  );
}
