/// The page's script: reads `FrameStream` and paints. It knows no terminal; what it shows was computed here.
enum PageScript {
  /// Without indentation and comments of its own lines, which every page would carry.
  static let text = (tape + painter + controls + search + start).split(separator: "\n")
    .map { $0.drop { $0 == " " } }
    .filter { !$0.hasPrefix("/**") && !$0.isEmpty }
    .joined(separator: "\n")

  /// Bytes to pictures.
  private static let tape = #"""
    "use strict";
    class Tape {
      constructor(bytes, keyframes, styles) {
        this.bytes = bytes; this.keyframes = keyframes; this.styles = styles;
        this.text = new TextDecoder(); this.columns = 0; this.rows = 0;
        this.cells = []; this.looks = []; this.dirty = new Set(); this.cursor = [0, 0, 0];
        this.isReversed = false; this.resized = false; this.rewind();
      }
      rewind() { this.place = 0; this.time = 0; }
      number() {
        let value = 0, factor = 1, byte;
        do { byte = this.bytes[this.place++]; value += (byte & 127) * factor; factor *= 128; } while (byte > 127);
        return value;
      }
      /** When the next frame comes, in milliseconds; Infinity at the end. */
      nextTime() {
        if (this.place >= this.bytes.length) return Infinity;
        return this.time + this.peek();
      }
      size(columns, rows) {
        this.columns = columns; this.rows = rows; this.resized = true;
        this.cells = Array.from({ length: rows }, () => new Array(columns).fill(" "));
        this.looks = Array.from({ length: rows }, () => new Array(columns).fill(0));
        for (let row = 0; row < rows; row++) this.dirty.add(row);
      }
      move(top, bottom, count, isDown) {
        const blank = () => new Array(this.columns).fill(" "), plain = () => new Array(this.columns).fill(0);
        for (let step = 0; step < count; step++) {
          const from = isDown ? bottom : top, to = isDown ? top : bottom;
          this.cells.splice(from, 1); this.cells.splice(to, 0, blank());
          this.looks.splice(from, 1); this.looks.splice(to, 0, plain());
        }
        for (let row = top; row <= bottom; row++) this.dirty.add(row);
      }
      put(row, column, style, width, characters) {
        for (const character of characters) {
          this.cells[row][column] = character; this.looks[row][column] = style;
          if (width === 2) { this.cells[row][column + 1] = null; this.looks[row][column + 1] = style; }
          column += width;
        }
      }
      string() {
        const length = this.number(), end = this.place + length;
        const text = this.text.decode(this.bytes.subarray(this.place, end));
        this.place = end;
        return text;
      }
      step() {
        this.time += this.number();
        for (let operation = this.number(); operation; operation = this.number()) {
          if (operation === 5) {
            const top = this.number(), bottom = this.number(), count = this.number();
            this.move(top, bottom, count, this.number() === 1);
          } else if (operation === 6) {
            this.dirty.add(this.cursor[0]);
            this.cursor = [this.number(), this.number(), this.number()];
            this.dirty.add(this.cursor[0]);
          } else if (operation === 7) {
            const columns = this.number(); this.size(columns, this.number());
          } else if (operation === 8) {
            this.isReversed = this.number() === 1; this.resized = true;
          } else {
            const row = this.number(), column = this.number(), style = this.number();
            this.dirty.add(row);
            if (operation === 1 || operation === 2) this.put(row, column, style, operation, this.string());
            else if (operation === 3) { const width = this.number(); this.put(row, column, style, width, [this.string()]); }
            else this.put(row, column, style, 1, new Array(this.number()).fill(" "));
          }
        }
      }
      /** Shows the last frame at or before a time, in milliseconds. */
      seek(time) {
        let best = -1, low = 0, high = this.keyframes.length - 1;
        while (low <= high) {
          const middle = (low + high) >> 1;
          if (this.keyframes[middle][0] <= time) { best = middle; low = middle + 1; } else high = middle - 1;
        }
        const [start, offset] = this.keyframes[Math.max(0, best)];
        if (this.time > time || this.place <= offset) { this.place = offset; this.time = start - this.peek(); }
        while (this.nextTime() <= time) this.step();
      }
      peek() { const before = this.place, value = this.number(); this.place = before; return value; }
      line(row) {
        let text = "";
        for (const cell of this.cells[row] || []) if (cell !== null) text += cell;
        return text.trimEnd();
      }
      lines() { return Array.from({ length: this.rows }, (_, row) => this.line(row)); }
    }

    """#

  /// Pictures to elements. All text goes in as text, never as markup.
  private static let painter = #"""
    const $ = id => document.getElementById(id);
    class Painter {
      constructor(screen, styles) {
        this.screen = screen; this.rows = []; this.hitRow = -1;
        const sheet = new CSSStyleSheet();
        styles.forEach((style, index) => sheet.insertRule(`.s${index}{${Painter.rule(style)}}`));
        document.adoptedStyleSheets = [sheet];
      }
      static color(value, fallback) {
        if (value === null) return fallback;
        return typeof value === "number" ? `var(--c${value})` : value;
      }
      static rule([foreground, background, flags, underline, underlineColor]) {
        let front = Painter.color(foreground, "var(--fg)"), back = Painter.color(background, "var(--bg)");
        if (flags & 16) [front, back] = [back, front];
        let rule = "";
        if (flags & 2) front = `color-mix(in srgb, ${front} 60%, ${back})`;
        if (flags & 32) front = "transparent";
        if (front !== "var(--fg)") rule += `color:${front};`;
        if (back !== "var(--bg)") rule += `background:${back};`;
        if (flags & 1) rule += "font-weight:bold;";
        if (flags & 4) rule += "font-style:italic;";
        const lines = [underline && "underline", flags & 64 && "line-through", flags & 128 && "overline"].filter(Boolean);
        if (lines.length) {
          const kinds = ["solid", "solid", "double", "wavy", "dotted", "dashed"];
          rule += `text-decoration:${lines.join(" ")} ${kinds[underline]} ${Painter.color(underlineColor, "")};`;
        }
        return rule;
      }
      paint(tape) {
        if (tape.resized) {
          tape.resized = false;
          this.screen.classList.toggle("reversed", tape.isReversed);
          if (this.rows.length !== tape.rows) {
            this.rows = Array.from({ length: tape.rows }, () => document.createElement("div"));
            this.screen.replaceChildren(...this.rows);
          }
          for (let row = 0; row < tape.rows; row++) tape.dirty.add(row);
          this.fit(tape);
        }
        for (const row of tape.dirty) if (row < tape.rows) this.paintRow(tape, row);
        tape.dirty.clear();
      }
      fit(tape) {
        const room = this.screen.parentElement.clientWidth - 24, width = Math.max(1, tape.columns) * 0.603;
        this.screen.style.fontSize = Math.max(5, Math.min(15, Math.floor(room / width * 10) / 10)) + "px";
        this.screen.style.width = tape.columns + "ch";
      }
      paintRow(tape, row) {
        const cells = tape.cells[row], looks = tape.looks[row], spans = [];
        const [cursorRow, cursorColumn, shape] = tape.cursor;
        let text = "", key = null, look = 0;
        const close = () => {
          if (text === "") return;
          const span = document.createElement("span");
          span.textContent = text;
          if (look) span.className = "s" + look;
          if (key && key.extra) span.className += " " + key.extra;
          spans.push(span); text = "";
        };
        for (let column = 0; column < tape.columns; column++) {
          const cell = cells[column];
          if (cell === null) continue;
          const isWide = cells[column + 1] === null;
          const isCursor = shape > 0 && row === cursorRow && column === cursorColumn;
          const isAlone = isWide || isCursor || cell.length > 1 || cell.charCodeAt(0) > 591;
          const extra = [isWide && "w", isAlone && !isWide && "n", isCursor && (shape > 5 ? "bar" : shape > 3 ? "low" : "cursor")]
            .filter(Boolean).join(" ");
          if (isAlone || looks[column] !== look || (key && key.extra)) { close(); look = looks[column]; key = { extra }; }
          text += cell;
        }
        close();
        this.rows[row].replaceChildren(...spans);
        this.rows[row].classList.toggle("hit", row === this.hitRow);
      }
    }

    """#
}
