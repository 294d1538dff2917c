/** Where the panel takes the whole screen. The stylesheet has the same line. */
export const phone = matchMedia("(max-width: 480px), (max-height: 420px)");
