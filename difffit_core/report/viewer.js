(function () {
  "use strict";
  const box = document.currentScript.parentElement, canvas = box.querySelector("canvas"), say = box.querySelector(".say");
  const scene = JSON.parse(box.querySelector("script[type='application/json']").textContent);
  const gl = canvas.getContext("webgl2", { antialias: true, preserveDrawingBuffer: true });
  if (!gl) { say.textContent = "This browser draws no 3D (WebGL 2 is missing), so the view stays empty."; canvas.style.display = "none"; return; }
  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer;
  const floats = text => Float32Array.from(new Int16Array(bytes(text)), n => n / 32767);
  const sub = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]], cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const unit = a => { const n = Math.hypot(a[0], a[1], a[2]) || 1; return [a[0] / n, a[1] / n, a[2] / n]; };

  function surface(points, triangles) {
    const normals = new Float32Array(points.length), at = i => [points[3 * i], points[3 * i + 1], points[3 * i + 2]];
    for (let i = 0; i < triangles.length; i += 3) {
      const [a, b, c] = [triangles[i], triangles[i + 1], triangles[i + 2]], n = cross(sub(at(b), at(a)), sub(at(c), at(a)));
      for (const v of [a, b, c]) for (let k = 0; k < 3; k++) normals[3 * v + k] += n[k];
    }
    return { points, normals, triangles, alpha: 0.38 };
  }

  function tubes(runs, radius) {
    const sides = 8, points = [], normals = [], triangles = [];
    for (const run of runs) {
      const n = run.length / 3, at = i => { i = Math.min(Math.max(i, 0), n - 1); return [run[3 * i], run[3 * i + 1], run[3 * i + 2]]; };
      let up = [0, 0, 1];
      for (let i = 0; i < n; i++) {
        const along = unit(sub(at(i + 1), at(i - 1)));
        let side = cross(along, up);
        if (Math.hypot(...side) < 1e-3) side = cross(along, [0, 1, 0.3]);
        side = unit(side); up = unit(cross(side, along));
        const first = points.length / 3;
        for (let k = 0; k < sides; k++) {
          const c = Math.cos(2 * Math.PI * k / sides), s = Math.sin(2 * Math.PI * k / sides), p = at(i);
          for (let d = 0; d < 3; d++) { const m = c * side[d] + s * up[d]; normals.push(m); points.push(p[d] + radius * m); }
          if (i + 1 < n) { const a = first + k, b = first + (k + 1) % sides; triangles.push(a, b, a + sides, b, b + sides, a + sides); }
        }
      }
    }
    return { points: new Float32Array(points), normals: new Float32Array(normals), triangles: new Uint32Array(triangles), alpha: 1 };
  }

  function compiled(kind, text) { const s = gl.createShader(kind); gl.shaderSource(s, text); gl.compileShader(s); return s; }
  const program = gl.createProgram();
  gl.attachShader(program, compiled(gl.VERTEX_SHADER, "#version 300 es\nin vec3 p; in vec3 n; uniform mat3 turn; uniform vec3 view; uniform vec2 move; out vec3 m;"
    + "void main() { m = turn * n; vec3 q = turn * p; gl_Position = vec4(q.xy * view.xy + move, -q.z * view.z, 1.0); }"));
  gl.attachShader(program, compiled(gl.FRAGMENT_SHADER, "#version 300 es\nprecision mediump float; in vec3 m; uniform vec4 colour; out vec4 o;"
    + "void main() { float l = abs(dot(normalize(m), normalize(vec3(0.3, 0.4, 1.0)))); o = vec4(colour.rgb * (0.35 + 0.65 * l) * colour.a, colour.a); }"));
  gl.linkProgram(program); gl.useProgram(program);
  const place = name => gl.getUniformLocation(program, name);
  const meshes = [];
  scene.things.forEach((thing, number) => {
    const colour = [1, 3, 5].map(i => parseInt(thing.colour.substr(i, 2), 16) / 255);
    const made = [];
    if (thing.points) made.push(surface(floats(thing.points), new Uint32Array(bytes(thing.triangles))));
    if (thing.runs.length) made.push(tubes(thing.runs.map(floats), 0.9 / scene.scale));
    for (const mesh of made) {
      const array = gl.createVertexArray(); gl.bindVertexArray(array);
      [["p", mesh.points], ["n", mesh.normals]].forEach(([name, data]) => {
        const where = gl.getAttribLocation(program, name);
        gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer()); gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
        gl.enableVertexAttribArray(where); gl.vertexAttribPointer(where, 3, gl.FLOAT, false, 0, 0);
      });
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer()); gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, mesh.triangles, gl.STATIC_DRAW);
      meshes.push({ number, array, count: mesh.triangles.length, colour, alpha: mesh.alpha });
    }
  });

  let turn, size, move;
  const begin = () => { turn = [1, 0, 0, 0, 1, 0, 0, 0, 1]; size = 0.95; move = [0, 0]; };
  begin();
  const product = (a, b) => { const c = []; for (let j = 0; j < 3; j++) for (let i = 0; i < 3; i++) c.push(a[i] * b[3 * j] + a[3 + i] * b[3 * j + 1] + a[6 + i] * b[3 * j + 2]); return c; };
  const about = (axis, angle) => { const c = Math.cos(angle), s = Math.sin(angle); return axis === "x" ? [1, 0, 0, 0, c, s, 0, -s, c] : [c, 0, -s, 0, 1, 0, s, 0, c]; };

  function draw() {
    const wide = Math.round(canvas.clientWidth * devicePixelRatio), tall = Math.round(canvas.clientHeight * devicePixelRatio);
    if (canvas.width !== wide || canvas.height !== tall) { canvas.width = wide; canvas.height = tall; }
    gl.viewport(0, 0, wide, tall); gl.clearColor(0, 0, 0, 0); gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.DEPTH_TEST); gl.enable(gl.BLEND); gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    const least = Math.min(wide, tall);
    gl.uniformMatrix3fv(place("turn"), false, turn);
    gl.uniform3f(place("view"), size * least / wide, size * least / tall, 0.5); gl.uniform2f(place("move"), move[0], move[1]);
    for (const solid of [true, false]) {
      for (const mesh of meshes) {
        if ((mesh.alpha === 1) !== solid || hidden.has(mesh.number)) continue;
        gl.bindVertexArray(mesh.array); gl.uniform4f(place("colour"), ...mesh.colour, mesh.alpha);
        if (!solid) { gl.colorMask(false, false, false, false); gl.drawElements(gl.TRIANGLES, mesh.count, gl.UNSIGNED_INT, 0); gl.colorMask(true, true, true, true); gl.depthFunc(gl.LEQUAL); }
        gl.drawElements(gl.TRIANGLES, mesh.count, gl.UNSIGNED_INT, 0); gl.depthFunc(gl.LESS);
      }
    }
    box.dataset.turn = turn.map(x => x.toFixed(4)).join(" ");
  }
  const hidden = new Set();
  box.querySelectorAll("input[data-thing]").forEach(input => input.addEventListener("change", () => {
    const number = Number(input.dataset.thing); if (input.checked) hidden.delete(number); else hidden.add(number); draw();
  }));
  let last = null;
  canvas.addEventListener("pointerdown", e => { last = [e.clientX, e.clientY]; canvas.setPointerCapture(e.pointerId); });
  canvas.addEventListener("pointerup", () => { last = null; });
  canvas.addEventListener("contextmenu", e => e.preventDefault());
  canvas.addEventListener("pointermove", e => {
    if (!last) return;
    const dx = e.clientX - last[0], dy = e.clientY - last[1]; last = [e.clientX, e.clientY];
    if (e.shiftKey || e.buttons === 2) { move[0] += 2 * dx / canvas.clientWidth; move[1] -= 2 * dy / canvas.clientHeight; }
    else turn = product(product(about("x", dy * 0.01), about("y", dx * 0.01)), turn);
    draw();
  });
  canvas.addEventListener("wheel", e => { e.preventDefault(); size = Math.min(Math.max(size * Math.exp(-e.deltaY * 0.001), 0.1), 20); draw(); }, { passive: false });
  canvas.addEventListener("dblclick", () => { begin(); draw(); });
  canvas.addEventListener("keydown", e => {
    const steps = { ArrowLeft: ["y", -0.1], ArrowRight: ["y", 0.1], ArrowUp: ["x", -0.1], ArrowDown: ["x", 0.1] }[e.key];
    if (steps) { e.preventDefault(); turn = product(about(...steps), turn); draw(); }
  });
  new ResizeObserver(draw).observe(canvas);
  draw();
})();
