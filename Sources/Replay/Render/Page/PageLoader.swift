/// The script that stands in the page as it is: opens the data (`Base91`, deflated) and starts the player in it.
///
/// The stream has the style, the controls and the player's script, each ended by a zero byte, then the pictures, then
/// 255 and the metadata. The script runs because the page's policy has its hash.
enum PageLoader {
  static let text = PageScript.squeezed(
    #"""
    (async () => {
      const page = document, text = page.getElementById("data").textContent.trim();
      const packed = new Uint8Array(text.length * 13 / 16);
      const digit = at => ((text.charCodeAt(at) || 61) + 31) % 92;
      for (let at = 0, to = 0, bits = 0, count = 0; at < text.length; at += 2) {
        bits |= digit(at) + digit(at + 1) * 91 << count;
        for (count += 13; count > 7; count -= 8) { packed[to++] = bits; bits >>= 8; }
      }
      const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
      const bytes = new Uint8Array(await new Response(stream).arrayBuffer()), end = bytes.lastIndexOf(255);
      const decode = (from, to) => new TextDecoder().decode(bytes.subarray(from, to));
      let at = 0;
      const next = () => decode(at, (at = bytes.indexOf(0, at) + 1) - 1);
      const make = name => Object.assign(page.createElement(name), { textContent: next() });
      page.head.append(make("style"));
      page.querySelector("h1").after(page.createRange().createContextualFragment(next()));
      const script = make("script");
      ssmcast = { meta: JSON.parse(decode(end + 1)), frames: bytes.subarray(at, end) };
      page.body.append(script);
    })().catch(error => document.querySelector("h1").after("This browser is too old for the page: " + error.message));
    """#)
}
