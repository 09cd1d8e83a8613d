/// The page's controls: nothing of the recording is in them.
enum PageMarkup {
  static let text = """
    <main>
    <div id="frame"><div id="screen" role="region" aria-label="Terminal screen" tabindex="0"></div></div>
    <div id="keys" aria-label="Typed keys" hidden></div>
    <div class="row">
    <button id="play" aria-pressed="false">Play</button>
    <button id="back" aria-label="One picture back" title="One picture back (,)">‹</button>
    <button id="next" aria-label="One picture on" title="One picture on (.)">›</button>
    <div id="track"><div id="marks" aria-hidden="true"></div>
    <input id="bar" type="range" min="0" value="0" step="any" aria-label="Time"></div>
    <span id="time"></span>
    <select id="speed" aria-label="Speed">\(speeds)</select>
    <label><input id="fold" type="checkbox" checked> fold pauses</label>
    </div>
    <div class="row"><span id="wall"></span> <code id="command"></code></div>
    <form id="search" class="row" role="search">
    <input id="find" type="search" placeholder="Search (regular expression)" aria-label="Search what was on the screen">
    <button>Find</button> <span id="found" role="status"></span>
    <button type="button" id="copy">Copy text</button> <button type="button" id="share">Link to this moment</button>
    <button type="button" id="theme">Light / dark</button></form>
    <ol id="hits" aria-label="Hits"></ol>
    <details id="parts" open hidden><summary>Chapters</summary><ol id="chapters"></ol></details>
    <details id="help"><summary>Keys</summary><p>\(keys)</p></details>
    <p id="say" class="silent" aria-live="polite"></p>
    </main>
    """

  private static let speeds = ["0.25", "0.5", "1", "2", "4", "8", "16", "32", "64"].map {
    "<option value=\"\($0)\"\($0 == "1" ? " selected" : "")>\($0)×</option>"
  }.joined()

  private static let keys = [
    "<kbd>space</kbd> play, pause", "<kbd>,</kbd> <kbd>.</kbd> one picture",
    "<kbd>←</kbd> <kbd>→</kbd> 5 s, with Shift a tenth", "<kbd>↑</kbd> <kbd>↓</kbd> speed",
    "<kbd>[</kbd> <kbd>]</kbd> markers", "<kbd>{</kbd> <kbd>}</kbd> commands",
    "<kbd>0</kbd>–<kbd>9</kbd> tenths",
    "<kbd>g</kbd> <kbd>G</kbd> start, end",
    "<kbd>/</kbd> search, <kbd>n</kbd> <kbd>N</kbd> next, previous hit", "<kbd>i</kbd> fold pauses",
    "<kbd>k</kbd> typed keys", "<kbd>c</kbd> copy text", "<kbd>y</kbd> link",
  ].joined(separator: " · ")
}
