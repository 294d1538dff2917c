/** Passwords of 12 characters and more that everybody tries first, lower-cased; shorter ones are refused for their length. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `password1234 passwordpassword password12345 password123456 123456789012 1234567890123 12345678901234 123456123456 1234567890qwerty
  qwertyuiop12 qwertyuiop123 qwerty123456 qwertyuiopasdf qwertyqwerty qwertyasdfgh 1q2w3e4r5t6y 1qaz2wsx3edc q1w2e3r4t5y6 abcdefghijkl abcd12345678
  abc123456789 aa1234567890 a12345678910 iloveyou1234 iloveyouforever administrator admin1234567 adminadminadmin adminadmin123 welcome12345
  letmein12345 monkey123456 dragon123456 football1234 baseball1234 sunshine1234 princess1234 superman1234 trustno11234 changeme1234
  changemechangeme passw0rd1234 p@ssw0rd1234 p@ssword1234 000000000000 111111111111 222222222222 666666666666 888888888888 999999999999
  112233445566 121212121212 123123123123 123321123321 147258369147 159357159357 woaini520131 woaini1314520 5201314520131 zxcvbnm12345
  asdfghjkl123 asdfasdfasdf zxcvbnmasdfg 1234qwerasdf qazwsxedcrfv xiaoer123456 xiaoerxiaoer test12345678 testtesttest demo12345678 secret123456`
    .split(/\s+/)
    .filter((word) => word !== ""),
);
