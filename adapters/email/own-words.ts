/** The line a mail program writes above what it quotes, in the languages of our shoppers. */
const INTRODUCTIONS = [
  /^On .{5,200} wrote:$/,
  /^在 ?.{5,200}(?:写道|寫道)[:：]$/,
  /^.{5,200}(?:于|於).{5,100}(?:写道|寫道)[:：]$/,
  /^\d{4}[年/-].{3,200}(?:<[^<>]+>)?[:：]$/,
  /^-{2,} ?(?:Original Message|Forwarded message|原始邮件|原始郵件|回复的原邮件|元のメッセージ|Ursprüngliche Nachricht) ?-{2,}/i,
  /^Le .{5,200} a écrit ?:$/,
  /^Am .{5,200} schrieb .{1,200}:$/,
];
const OUTLOOK_FROM = /^(?:From|发件人|寄件者|差出人|Von|De)[:：] ?\S/;
const OUTLOOK_SENT = /^(?:Sent|Date|发送时间|日期|寄件日期|送信日時|Gesendet|Envoyé)[:：] ?\S/;

/**
 * The new part of a mail: without the mail it answers and without the signature (RFC 3676 §4.3). When nothing new remains (words between the
 * quoted lines, or only a signature) the whole text is kept.
 */
export function toOwnWords(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const end = lines.findIndex((line, index) => beginsQuote(lines, line.trim(), index));
  const own = (end === -1 ? lines : lines.slice(0, end)).filter((line) => !line.startsWith(">"));
  const signature = own.findIndex((line) => line === "-- " || line === "--");
  const said = own
    .slice(0, signature === -1 ? own.length : signature)
    .join("\n")
    .trim();
  return said === "" ? text.trim() : said.replaceAll(/\n{3,}/g, "\n\n");
}

function beginsQuote(lines: readonly string[], line: string, index: number): boolean {
  if (line === "" || line.length > 400) return false;
  // Gmail breaks its introduction over two lines.
  const two = `${line} ${lines[index + 1]?.trim() ?? ""}`;
  if (
    INTRODUCTIONS.some(
      (introduction) => introduction.test(line) || (index + 1 < lines.length && introduction.test(two)),
    )
  )
    return true;
  return OUTLOOK_FROM.test(line) && lines.slice(index + 1, index + 4).some((next) => OUTLOOK_SENT.test(next.trim()));
}
