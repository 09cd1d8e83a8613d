/// The page's script: reads `FrameStream` and paints. It knows no terminal; what it shows was computed here.
enum PageScript {
  static let text = squeezed(tape + painter + controls + search + start)

  /// A script without indentation, comments of their own lines, spaces that mean nothing, and the length of its own
  /// names (`ScriptWriter`), which every page would carry.
  static func squeezed(_ script: String) -> String {
    script.split(separator: "\n").map { $0.drop { $0 == " " } }
      .filter { !$0.hasPrefix("/**") && !$0.isEmpty }
      .reduce(into: "") { text, line in
        // After these the next line may follow at once; after a brace only a semicolon would say what ends there.
        if let last = text.last, !";,{(".contains(last) { text += "\n" }
        text += ScriptWriter.squeezed(line: Array(line.utf8))
      }
  }

  /// Bytes to pictures.
  static let tape = #"""
    "use strict";
    class Tape {
      constructor(bytes, keyframes, styles) {
        this.bytes = bytes; this.keyframes = keyframes; this.styles = styles;
        this.decoder = new TextDecoder(); this.dirty = new Set();
        this.cells = []; this.looks = []; this.sizes = []; this.reset(); this.rewind();
      }
      reset() {
        this.row = this.column = this.style = this.columns = this.rows = 0; this.width = 1;
        this.cursor = [0, 0, 0]; this.isReversed = false; this.resized = true; this.size(0, 0);
      }
      rewind() { this.at = 0; this.time = 0; }
      number() {
        let value = 0, factor = 1, byte;
        do { byte = this.bytes[this.at++]; value += (byte & 127) * factor; factor *= 128; } while (byte > 127);
        return value;
      }
      peek() { const before = this.at, value = this.number(); this.at = before; return value; }
      /** When the next frame comes, in milliseconds; Infinity at the end. */
      nextTime() { return this.at >= this.bytes.length ? Infinity : this.time + this.peek(); }
      string(end) {
        const text = this.decoder.decode(this.bytes.subarray(this.at, end));
        this.at = end;
        return text;
      }
      size(columns, rows) {
        const cut = (list, length, blank) =>
          Array.from({ length }, (_, index) => index < list.length ? list[index] : blank());
        this.cells = cut(this.cells, rows, () => []).map(row => cut(row, columns, () => " "));
        this.looks = cut(this.looks, rows, () => []).map(row => cut(row, columns, () => 0));
        this.sizes = cut(this.sizes, rows, () => 0);
        this.columns = columns; this.rows = rows; this.resized = true;
        for (let row = 0; row < rows; row++) this.dirty.add(row);
      }
      move(top, bottom, count, isDown) {
        for (let step = 0; step < count; step++) {
          const from = isDown ? bottom : top, to = isDown ? top : bottom;
          this.cells.splice(from, 1); this.cells.splice(to, 0, new Array(this.columns).fill(" "));
          this.sizes.splice(from, 1); this.sizes.splice(to, 0, 0);
          this.looks.splice(from, 1); this.looks.splice(to, 0, new Array(this.columns).fill(0));
        }
        for (let row = top; row <= bottom; row++) this.dirty.add(row);
      }
      put(character, width, style) {
        const cells = this.cells[this.row], looks = this.looks[this.row];
        cells[this.column] = character; looks[this.column++] = style;
        if (width === 2) { cells[this.column] = null; looks[this.column++] = style; }
        this.dirty.add(this.row);
      }
      write() {
        let end = this.at;
        while (this.bytes[end] > 31) end++;
        for (const character of this.string(end)) this.put(character, this.width, this.style);
      }
      point(row, column) {
        this.dirty.add(this.cursor[0]).add(row);
        this.cursor[0] = row; this.cursor[1] = column;
      }
      step() {
        this.time += this.number();
        for (;;) {
          if (this.bytes[this.at] > 31) this.write();
          const operation = this.bytes[this.at++];
          if (operation === 1) this.point(this.row, this.column);
          if (!(operation > 1)) return;
          this.apply(operation);
        }
      }
      apply(operation) {
        switch (operation) {
          case 2: this.style = this.number(); break;
          case 3: this.column += this.number(); break;
          case 4: this.row++; this.column = 0; break;
          case 5: this.row += this.number(); this.column = this.number(); break;
          case 6: this.row = this.number(); this.column = this.number(); break;
          case 7:
            this.cells[this.row].fill(" ", this.column); this.looks[this.row].fill(0, this.column); this.dirty.add(this.row);
            break;
          case 8: this.width = 3 - this.width; break;
          case 9: { const width = this.number(), length = this.number(); this.put(this.string(this.at + length), width, this.style); break; }
          case 10: case 11: this.move(this.number(), this.number(), this.number(), operation === 11); break;
          case 12: this.cursor[2] = this.number(); this.dirty.add(this.cursor[0]); break;
          case 13: this.size(this.number(), this.number()); break;
          case 14: this.isReversed = this.number() === 1; this.resized = true; break;
          case 15: this.reset(); break;
          case 16: { const row = this.number(); this.sizes[row] = this.number(); this.dirty.add(row); }
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
        if (this.time > time || this.at <= offset) { this.at = offset; this.time = start - this.peek(); }
        while (this.nextTime() <= time) this.step();
      }
      line(row) {
        let text = "";
        for (const cell of this.cells[row] || []) if (cell !== null) text += cell;
        return text.trimEnd();
      }
      lines() { return Array.from({ length: this.rows }, (_, row) => this.line(row)); }
    }

    """#

  /// Pictures to elements. All text goes in as text, never as markup.
  static let painter = #"""
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
        if (flags & 128) rule += "box-shadow:inset 0 1px;";
        if (underline) {
          const kinds = ["", "solid", "double", "wavy", "dotted", "dashed"];
          rule += `text-decoration:underline ${kinds[underline]} ${Painter.color(underlineColor, "")} 1px;text-underline-offset:1px;`;
        }
        if (flags & 64) rule += underline ? "\#(Look.strikeBesideUnderline)" : "text-decoration:line-through 1px;";
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
        const size = Math.max(5, Math.min(15, Math.floor(room / width * 10) / 10));
        this.screen.style.fontSize = size + "px";
        /** Whole pixels, and not more than a letter's height: rows join, and so do lines drawn over them. */
        this.screen.style.setProperty("--row", Math.floor(size * 1.165) + "px");
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
        this.rows[row].className = "x" + tape.sizes[row] + (row === this.hitRow ? " hit" : "");
      }
    }

    """#
}
