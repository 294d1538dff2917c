/** A response that is read to the letter, and that no browser takes for a page. */
export function plainText(body: string): Response {
  return new Response(body, {
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
  });
}
