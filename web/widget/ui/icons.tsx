/** Line drawings on a 24-unit square, one path each. */
const paths = {
  chat: "M12 3.5c5 0 9 3.4 9 7.8s-4 7.8-9 7.8c-.9 0-1.8-.1-2.6-.3L5 21v-3.8c-1.3-1.4-2-3.5-2-5.9 0-4.4 4-7.8 9-7.8ZM8.5 12.2c.9 1.3 2.1 2 3.5 2s2.6-.7 3.5-2",
  down: "m6 9 6 6 6-6",
  close: "M6 6l12 12M18 6 6 18",
  send: "M12 19V5m-6 6 6-6 6 6",
  attach: "M8 12l6-6a3 3 0 0 1 4 4l-8 8a5 5 0 0 1-7-7l8-8",
  person: "M5 21a7 7 0 0 1 14 0M12 12a4 4 0 0 0 0-8 4 4 0 0 0 0 8",
  file: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8ZV8h5",
  pin: "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21Zm-2.5-11.5a2.5 2.5 0 0 0 5 0 2.5 2.5 0 0 0-5 0",
  box: "M12 3 4 7v10l8 4 8-4V7ZM4 7l8 4 8-4M12 11v10",
  out: "M14 4h6v6m0-6-9 9M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4",
  back: "m15 6-6 6 6 6",
  next: "m9 6 6 6-6 6",
  star: "m12 2.8 2.8 5.9 6.5.9-4.7 4.5 1.1 6.5L12 17.5l-5.7 3.1 1.1-6.5-4.7-4.5 6.5-.9Z",
};

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
