/// The page's looks, light and dark.
enum PageStyle {
  static let text = lines.split(separator: "\n").joined()

  private static let lines = #"""
    :root{color-scheme:light dark;--page:#f6f7f9;--ink:#1d2127;--dim:#5b6470;--line:#d5d9df;--field:#fff;--accent:#0b62c4}
    @media(prefers-color-scheme:dark){:root:not([data-theme=light]){--page:#0e1014;--ink:#e4e7eb;--dim:#98a1ad;
    --line:#2b3038;--field:#171a20;--accent:#74aefc}}
    :root[data-theme=dark]{--page:#0e1014;--ink:#e4e7eb;--dim:#98a1ad;--line:#2b3038;--field:#171a20;--accent:#74aefc;color-scheme:dark}
    :root[data-theme=light]{color-scheme:light}
    *{box-sizing:border-box}
    body{display:flex;flex-direction:column;margin:0 auto;padding:16px;max-width:1400px;background:var(--page);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
    h1{font-size:20px;margin:0 0 2px;order:-2}.verdict{order:-1;margin:0 0 12px;color:var(--dim)}.good{color:#1a7f37}.bad{color:#d1242f;font-weight:600}
    #frame{overflow:auto;border:1px solid var(--line);border-radius:8px;background:var(--bg);padding:12px}
    #screen{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;
    font-size:15px;line-height:var(--row);white-space:pre;color:var(--fg);background:var(--bg);font-variant-ligatures:none;
    margin:0 auto;outline-offset:6px}
    #screen div{height:var(--row);overflow:hidden}
    #screen.reversed{filter:invert(1) hue-rotate(180deg)}
    #screen .w{display:inline-block;width:2ch;overflow:hidden;vertical-align:top}
    #screen .n{display:inline-block;width:1ch;overflow:hidden;vertical-align:top}
    #screen .cursor{background:var(--fg);color:var(--bg)}
    #screen .low{box-shadow:inset 0 -2px var(--fg)}#screen .bar{box-shadow:inset 2px 0 var(--fg)}
    .x1,.x2,.x3{width:50%;transform-origin:0 0}.x1{transform:scaleX(2)}.x2{transform:scale(2);clip-path:inset(0 0 50%)}
    .x3{transform:translateY(-100%)scale(2);clip-path:inset(50% 0 0)}
    #screen .hit{outline:2px solid #e5a50a;outline-offset:-1px}
    .row{display:flex;flex-wrap:wrap;gap:8px;align-items:center;margin:10px 0}
    button,select,input[type=search]{font:inherit;color:inherit;background:var(--field);border:1px solid var(--line);
    border-radius:6px;padding:4px 10px;min-height:32px}
    button{cursor:pointer}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    #track{position:relative;flex:1 1 300px;min-width:200px}
    #bar{width:100%;margin:0;position:relative;z-index:1;accent-color:var(--accent)}
    #marks{position:absolute;left:8px;right:8px;top:0;bottom:0;pointer-events:none}
    #marks i{position:absolute;bottom:-4px;width:2px;height:6px;background:var(--dim)}
    #marks .command{background:var(--accent)}#marks .marker{background:#e5a50a;height:10px}#marks .damage{background:#d1242f;height:12px}
    #marks .gap{height:4px;bottom:-3px;opacity:.45;background:repeating-linear-gradient(90deg,var(--dim) 0 2px,transparent 2px 4px)}
    #time,#wall{font-variant-numeric:tabular-nums}#wall,#command{color:var(--dim)}
    #keys{font-family:monospace;border:1px solid var(--line);border-radius:6px;padding:2px 8px;min-height:1.6em;margin:6px 0}
    ol{list-style:none;margin:6px 0;padding:0;max-height:40vh;overflow:auto}
    li button{border:0;background:none;text-align:left;font-family:monospace;white-space:pre-wrap;min-height:0;padding:2px 6px;
    color:var(--accent)}li .damage{color:#d1242f}li .marker{color:#9a6700}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:6px 0}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
    kbd{font-family:monospace;border:1px solid var(--line);border-radius:4px;padding:0 4px}
    .silent{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    """#

  /// Colors of the terminal as variables, for both themes; a recording that brings its own has one.
  static func colors(own: Theme?) -> String {
    func variables(_ theme: Theme) -> String {
      var text = "--fg:\(Look.hex(theme.foreground));--bg:\(Look.hex(theme.background));"
      for (index, color) in theme.palette.enumerated() { text += "--c\(index):\(Look.hex(color));" }
      return text
    }
    if let own { return ":root{\(variables(own))}" }
    return """
      :root{\(variables(.light))}
      @media(prefers-color-scheme:dark){:root:not([data-theme=light]){\(variables(.dark))}}
      :root[data-theme=dark]{\(variables(.dark))}
      """
  }
}
