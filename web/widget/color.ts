type Rgb = readonly number[];

/** The theme as CSS: the shop's colour, and what can be read on it and beside it. */
export interface Theme {
  readonly accent: string;
  /** Text on the accent, at least 4.5:1. */
  readonly onAccent: string;
  /** The accent as text on the panel's own light and dark grounds, at least 4.5:1. */
  readonly inkLight: string;
  readonly inkDark: string;
}

/** What an inbox has when its merchant chose nothing. */
const fallback = "#d4380d";
const white = [255, 255, 255];
const black = [0, 0, 0];
/** The least friendly grounds of each theme: the incoming bubble. */
const lightGround = [241, 242, 245];
const darkGround = [42, 44, 51];
const readable = 4.5;

export function toTheme(color = ""): Theme {
  const long = color.replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3");
  const accent = /^#[\da-f]{6}$/i.test(long) ? long : fallback;
  const rgb = [1, 3, 5].map((at) => Number.parseInt(accent.slice(at, at + 2), 16));
  return {
    accent,
    onAccent: contrast(rgb, white) < readable ? "#000" : "#fff",
    inkLight: readableInk(rgb, { towards: black, ground: lightGround }),
    inkDark: readableInk(rgb, { towards: white, ground: darkGround }),
  };
}

/** Mixes until it can be read; the hue stays the shop's as long as possible. */
function readableInk(rgb: Rgb, { towards, ground }: { towards: Rgb; ground: Rgb }): string {
  let ink = rgb;
  for (let share = 0; contrast(ink, ground) < readable; share += 0.05)
    ink = rgb.map((from, index) => Math.round(from + ((towards[index] ?? 0) - from) * Math.min(1, share)));
  return `rgb(${ink})`;
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(a: Rgb, b: Rgb): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r = 0, g = 0, b = 0] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
