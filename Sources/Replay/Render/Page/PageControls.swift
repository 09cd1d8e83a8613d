extension PageScript {
  /// Time, keys and buttons.
  static let controls = #"""
    const clock = time => {
      const tenths = Math.floor(Math.max(0, time) / 100), seconds = Math.floor(tenths / 10), two = n => String(n).padStart(2, "0");
      const hours = Math.floor(seconds / 3600), minutes = Math.floor(seconds / 60) % 60;
      return (hours ? hours + ":" + two(minutes) : minutes) + ":" + two(seconds % 60) + "." + tenths % 10;
    };
    const parseTime = text => {
      const parts = text.split(":").map(Number);
      return parts.length <= 3 && parts.every(part => part >= 0) ? parts.reduce((sum, part) => sum * 60 + part, 0) * 1000 : NaN;
    };
    /** Time with idle gaps folded to a second each, and back. */
    class Fold {
      constructor(gaps, end) { this.gaps = gaps; this.end = end; this.isOn = true; }
      get length() { return this.toView(this.end); }
      toView(time) {
        let view = time;
        if (this.isOn) for (const [start, end] of this.gaps) {
          if (time <= start) break;
          const long = end - start, passed = Math.min(time, end) - start;
          view -= passed - passed / long * 1000;
        }
        return view;
      }
      toTime(view) {
        let time = view;
        if (this.isOn) for (const [start, end] of this.gaps) {
          if (time <= start) break;
          const long = end - start, shown = Math.min(time - start, 1000);
          time += shown / 1000 * long - shown;
        }
        return Math.min(time, this.end);
      }
    }
    class Player {
      constructor(meta, tape) {
        this.meta = meta; this.tape = tape; this.painter = new Painter($("screen"), meta.styles);
        this.fold = new Fold(meta.gaps, meta.duration); this.view = 0; this.speed = 1; this.isPlaying = false;
        this.showsKeys = false; this.last = 0;
        this.points = [...meta.markers.map(([time, label]) => [time, label || "marker", "marker"]),
          ...meta.commands.map(([time, label]) => [time, label, "command"]),
          ...meta.damage.map(([time, label]) => [time, label, "damage"])].sort((a, b) => a[0] - b[0]);
      }
      get time() { return this.fold.toTime(this.view); }
      show(time) {
        this.tape.seek(time); this.painter.paint(this.tape);
        $("time").textContent = clock(time) + " / " + clock(this.meta.duration);
        $("bar").value = this.view; $("bar").setAttribute("aria-valuetext", clock(time));
        if (this.meta.started !== null) $("wall").textContent = new Date(this.meta.started + time).toISOString().replace("T", " ").slice(0, 19) + "Z";
        let current = "";
        for (const [start, label, kind] of this.points) { if (start > time) break; if (kind === "command") current = label; }
        $("command").textContent = current ? "$ " + current : "";
        if (this.showsKeys) $("keys").textContent = this.meta.keys.filter(([at]) => at <= time && at > time - 2000).map(([, text]) => text).join("");
      }
      go(time, isQuiet) {
        this.painter.hitRow = -1;
        this.view = this.fold.toView(Math.max(0, Math.min(time, this.meta.duration)));
        this.show(this.time);
        if (!isQuiet) { $("say").textContent = clock(this.time); this.link(); }
      }
      link() { try { history.replaceState(null, "", "#t=" + (this.time / 1000).toFixed(3)); } catch { /* a page that may not have a history */ } }
      play(isOn) {
        if (isOn && this.view >= this.fold.length) this.view = 0;
        this.isPlaying = isOn; this.last = performance.now();
        $("play").textContent = isOn ? "Pause" : "Play"; $("play").setAttribute("aria-pressed", isOn);
        if (isOn) requestAnimationFrame(now => this.tick(now));
        else { this.link(); $("say").textContent = "paused at " + clock(this.time); }
      }
      tick(now) {
        if (!this.isPlaying) return;
        this.view = Math.min(this.fold.length, this.view + (now - this.last) * this.speed);
        this.last = now; this.show(this.time);
        if (this.view >= this.fold.length) this.play(false); else requestAnimationFrame(next => this.tick(next));
      }
      step(direction) {
        this.play(false);
        if (direction > 0) { this.tape.seek(this.time); const next = this.tape.nextTime(); if (next < Infinity) this.go(next); return; }
        const now = this.tape.time, scout = new Tape(this.tape.bytes, this.tape.keyframes);
        scout.seek(now - 1); this.go(scout.time < now ? scout.time : 0);
      }
      leap(kind, direction) {
        const now = this.time, list = this.points.filter(point => point[2] === kind || kind === "marker" && point[2] === "damage");
        const found = direction > 0 ? list.find(point => point[0] > now + 1) : list.findLast(point => point[0] < now - 1);
        if (found) { this.go(found[0]); $("say").textContent = found[1]; }
      }
      setSpeed(speed) {
        this.speed = Math.max(0.25, Math.min(64, speed)); $("speed").value = String(this.speed);
      }
      setFold(isOn) { const time = this.time; this.fold.isOn = isOn; $("fold").checked = isOn; this.drawBar(); this.go(time, true); }
      drawBar() {
        $("bar").max = this.fold.length;
        const marks = [];
        const mark = (time, end, className, title) => {
          const element = document.createElement("i");
          element.className = className; element.title = title;
          const left = this.fold.toView(time) / Math.max(1, this.fold.length) * 100;
          element.style.left = left + "%";
          if (end) element.style.width = this.fold.toView(end) / Math.max(1, this.fold.length) * 100 - left + "%";
          marks.push(element);
        };
        this.meta.gaps.forEach(([start, end]) => mark(start, end, "gap", "nothing happened for " + clock(end - start)));
        this.points.forEach(([time, label, kind]) => mark(time, 0, kind, clock(time) + " " + label));
        $("marks").replaceChildren(...marks);
      }
      async copy(text, what) {
        try { await navigator.clipboard.writeText(text); } catch {
          const area = document.createElement("textarea"); area.value = text; document.body.append(area); area.select();
          document.execCommand("copy"); area.remove();
        }
        $("say").textContent = what + " copied";
      }
      key(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const target = event.target.tagName;
        if (target === "SELECT" || target === "INPUT" && event.target.type !== "range" && event.target.type !== "checkbox") {
          if (event.key === "Escape") event.target.blur();
          return;
        }
        if (event.key === " " && (target === "BUTTON" || target === "SUMMARY" || target === "INPUT")) return;
        const actions = {
          " ": () => this.play(!this.isPlaying), ".": () => this.step(1), ",": () => this.step(-1),
          ArrowRight: () => this.go(event.shiftKey ? this.time + this.meta.duration / 10 : this.time + 5000),
          ArrowLeft: () => this.go(event.shiftKey ? this.time - this.meta.duration / 10 : this.time - 5000),
          ArrowUp: () => this.setSpeed(this.speed * 2), ArrowDown: () => this.setSpeed(this.speed / 2),
          "+": () => this.setSpeed(this.speed * 2), "-": () => this.setSpeed(this.speed / 2), Backspace: () => this.setSpeed(1),
          "[": () => this.leap("marker", -1), "]": () => this.leap("marker", 1),
          "{": () => this.leap("command", -1), "}": () => this.leap("command", 1),
          g: () => this.go(0), G: () => this.go(this.meta.duration), "/": () => $("find").focus(),
          n: () => finder.leap(1), N: () => finder.leap(-1), i: () => this.setFold(!this.fold.isOn),
          k: () => { this.showsKeys = !this.showsKeys; $("keys").hidden = !this.showsKeys; this.show(this.time); },
          c: () => $("copy").click(), y: () => $("share").click(), "?": () => { $("help").open = !$("help").open; },
        };
        const action = /^[0-9]$/.test(event.key) ? () => this.go(this.meta.duration * Number(event.key) / 10) : actions[event.key];
        if (action) { event.preventDefault(); action(); }
      }
    }

    """#

  /// Finding text in all pictures, in pieces so that the page stays alive.
  static let search = #"""
    class Finder {
      constructor(player) { this.player = player; this.hits = []; this.run = 0; }
      pattern(text) {
        const flags = /[A-Z]/.test(text) ? "u" : "iu";
        try { return new RegExp(text, flags); } catch { return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), flags); }
      }
      /** All moments at which a line appeared that matches, at most 1000. */
      async find(text) {
        const run = ++this.run;
        this.hits = []; $("hits").replaceChildren();
        if (!text) { $("found").textContent = ""; return; }
        const pattern = this.pattern(text), source = this.player.tape;
        const tape = new Tape(source.bytes, source.keyframes);
        let before = [], paused = performance.now();
        while (tape.nextTime() < Infinity && this.hits.length < 1000) {
          tape.step();
          const lines = before.slice(0, tape.rows);
          for (const row of tape.dirty) if (row < tape.rows) lines[row] = tape.line(row);
          for (const row of [...tape.dirty].sort((a, b) => a - b)) {
            const line = lines[row];
            if (line && pattern.test(line) && !before.includes(line)) this.hits.push([tape.time, row, line]);
          }
          before = lines; tape.dirty.clear();
          if (performance.now() - paused > 30) {
            $("found").textContent = "searching " + Math.round(tape.place / tape.bytes.length * 100) + " %";
            await new Promise(resolve => setTimeout(resolve));
            if (run !== this.run) return;
            paused = performance.now();
          }
        }
        $("found").textContent = this.hits.length + (this.hits.length === 1 ? " hit" : " hits");
        $("hits").replaceChildren(...this.hits.slice(0, 200).map((hit, index) => {
          const item = document.createElement("li"), button = document.createElement("button");
          button.textContent = clock(hit[0]) + "  " + hit[2].slice(0, 120);
          button.onclick = () => this.show(index);
          item.append(button); return item;
        }));
      }
      show(index) {
        const [time, row] = this.hits[index];
        this.player.play(false); this.player.go(time);
        this.player.painter.hitRow = row; this.player.tape.dirty.add(row);
        this.player.painter.paint(this.player.tape);
        $("say").textContent = "hit " + (index + 1) + " of " + this.hits.length + ": " + this.hits[index][2];
      }
      leap(direction) {
        const now = this.player.tape.time;
        const index = direction > 0 ? this.hits.findIndex(hit => hit[0] > now) : this.hits.findLastIndex(hit => hit[0] < now);
        if (index >= 0) this.show(index); else $("say").textContent = "no more hits";
      }
    }

    """#

  /// Opens the data and connects everything.
  static let start = #"""
    let finder;
    try {
      const { meta, frames } = window.ssmcast;
      const player = new Player(meta, new Tape(frames, meta.keyframes));
      finder = new Finder(player);
      for (const kind of ["command", "marker", "damage"]) for (const [time, label, own] of player.points) if (own === kind) {
        const item = document.createElement("li"), button = document.createElement("button");
        button.textContent = clock(time) + "  " + label; button.className = kind;
        button.onclick = () => player.go(time);
        item.append(button); $("chapters").append(item);
      }
      $("parts").hidden = player.points.length === 0;
      $("play").onclick = () => player.play(!player.isPlaying);
      $("back").onclick = () => player.step(-1); $("next").onclick = () => player.step(1);
      $("bar").oninput = () => { player.view = Number($("bar").value); player.show(player.time); player.link(); };
      $("speed").onchange = () => player.setSpeed(Number($("speed").value));
      $("fold").onchange = () => player.setFold($("fold").checked);
      $("copy").onclick = () => player.copy(player.tape.lines().join("\n").trimEnd() + "\n", "text");
      $("share").onclick = () => { player.link(); player.copy(location.href, "link"); };
      $("search").onsubmit = event => { event.preventDefault(); finder.find($("find").value).then(() => { if (finder.hits.length) finder.show(0); }); };
      $("theme").onclick = () => {
        const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
        root.dataset.theme = (root.dataset.theme || (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
      };
      document.addEventListener("keydown", event => player.key(event));
      addEventListener("resize", () => { player.painter.fit(player.tape); });
      const follow = () => {
        const time = parseTime((location.hash.match(/^#t=([0-9:.]+)$/) || [])[1] || "");
        if (!isNaN(time)) { player.play(false); player.go(time, true); }
      };
      addEventListener("hashchange", follow);
      player.drawBar(); player.go(0, true); follow();
      window.ssmcast = { player, finder };
      /** Milliseconds from the beginning until the first picture was painted and all can be used. */
      requestAnimationFrame(() => setTimeout(() => { document.body.dataset.opened = Math.round(performance.now()); }));
    } catch (error) { $("say").textContent = "This browser cannot show the recording: " + error.message; $("say").className = ""; }
    """#
}
