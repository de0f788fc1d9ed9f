// The customer's pages: what is tapped is kept on the phone until it has arrived, and sent again by itself.
// Written for the browsers inside WeChat and Telegram: nothing newer than 2018. Without script every page but the pad works too.
(function () {
  'use strict';
  var KEY = 'open:' + location.pathname;
  var timer = 0, wait = 0, busy = false;

  var store = {
    get: function (name) { try { return sessionStorage.getItem(KEY + ':' + name) || ''; } catch (e) { return ''; } },
    set: function (name, value) { try { sessionStorage.setItem(KEY + ':' + name, value); } catch (e) { /* private mode: the page itself still holds it */ } },
    drop: function (name) { try { sessionStorage.removeItem(KEY + ':' + name); } catch (e) { /* nothing was kept */ } }
  };
  var pending = store.get('pending');

  function init() {
    var told = telegram();
    each('form[data-send]', function (form) {
      if (form.elements.init) { form.elements.init.value = told; }
      if (form.hasAttribute('data-keep')) { restore(form); }
      each('button[name]', function (button) { button.addEventListener('click', function () { form.tapped = button; }); }, form);
      form.addEventListener('submit', function (event) { submit(event, form); });
    });
    each('[data-open]', function (button) {
      var part = document.getElementById(button.getAttribute('data-open'));
      part.hidden = true;
      button.addEventListener('click', function () { part.hidden = !part.hidden; if (!part.hidden) { part.scrollIntoView(); } });
    });
    each('.pad', function (box) { box.pad = pad(box); });
    if (document.querySelector('[data-done]')) { store.drop('ink'); store.drop('typed'); }
    if (document.querySelector('[data-again]') && !pending && store.get('done')) { pending = store.get('done'); store.drop('done'); }
    if (pending && !busy) { send(); }
  }

  function each(what, act, within) { Array.prototype.forEach.call((within || document).querySelectorAll(what), act); }

  // Who Telegram says this is; it stands behind the # and nowhere else.
  function telegram() {
    var found = '';
    try { found = new URLSearchParams(location.hash.slice(1)).get('tgWebAppData') || ''; } catch (e) { /* an old browser, not inside Telegram */ }
    if (found) { store.set('init', found); }
    return found || store.get('init');
  }

  // --- what is typed beside the pad
  function restore(form) {
    var kept = {};
    try { kept = JSON.parse(store.get('typed') || '{}'); } catch (e) { /* not ours */ }
    Object.keys(kept).forEach(function (name) {
      if (name === 'relation') { each('input[name=relation]', function (input) { input.checked = input.value === kept[name]; }, form); }
      else if (form.elements[name] && form.elements[name].type !== 'radio') { form.elements[name].value = kept[name]; }
    });
    form.addEventListener('input', function () { remember(form); });
    form.addEventListener('change', function () { remember(form); hide('who-error'); });
  }

  function remember(form) {
    var chosen = form.querySelector('input[name=relation]:checked');
    store.set('typed', JSON.stringify({ name: form.elements.name.value, why: form.elements.why.value, relation: chosen ? chosen.value : '' }));
  }

  // --- sending
  function submit(event, form) {
    var button = form.tapped || form.querySelector('button.main');
    form.tapped = null;
    if (busy) { event.preventDefault(); return; }
    if (button.hasAttribute('data-signed') && !signed(form)) { event.preventDefault(); return; }
    if (!window.fetch || !window.URLSearchParams) { plainly(form, button); return; }
    event.preventDefault();
    if (form.hasAttribute('data-place') && navigator.geolocation) { located(form, function () { keep(form, button); }); }
    else { keep(form, button); }
  }

  function signed(form) {
    var box = form.querySelector('.pad'), error = document.getElementById('who-error');
    if (box && box.pad) {
      if (box.pad.blank()) { complain(box, box.getAttribute('data-blank')); return false; }
      form.elements.strokes.value = box.pad.strokes();
    }
    if (error && !form.querySelector('.who input:checked')) {
      error.textContent = error.getAttribute('data-words');
      error.hidden = false;
      error.scrollIntoView({ block: 'center' });
      return false;
    }
    return true;
  }

  // Inside the box: nothing may move under a finger that begins to write.
  function complain(box, words) {
    var error = box.querySelector('.refused');
    error.textContent = words;
    error.hidden = false;
    box.scrollIntoView({ block: 'center' });
  }

  function hide(id) { var part = document.getElementById(id); if (part) { part.hidden = true; } }

  function plainly(form, button) {
    var act = document.createElement('input');
    act.type = 'hidden';
    act.name = button.name;
    act.value = button.value;
    form.appendChild(act);
  }

  function located(form, next) {
    var went = false;
    function go() { if (!went) { went = true; next(); } }
    setTimeout(go, 6000);
    navigator.geolocation.getCurrentPosition(function (at) {
      form.elements.lat.value = at.coords.latitude;
      form.elements.lon.value = at.coords.longitude;
      form.elements.accuracy.value = Math.round(at.coords.accuracy || 0);
      go();
    }, go, { timeout: 5000, maximumAge: 60000 });
  }

  function keep(form, button) {
    var body = [];
    each('input, textarea', function (field) {
      if (field.name && !(field.type === 'radio' && !field.checked)) { body.push(pair(field.name, field.value)); }
    }, form);
    body.push(pair(button.name, button.value));
    pending = body.join('&');
    store.set('pending', pending);
    send();
  }

  function pair(name, value) { return encodeURIComponent(name) + '=' + encodeURIComponent(value); }

  function send() {
    if (!pending || busy) { return; }
    busy = true;
    clearTimeout(timer);
    lock(true);
    if (!wait) { tell('sending'); }
    fetch(location.pathname + location.search, {
      method: 'POST', body: pending, credentials: 'same-origin', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }
    }).then(function (answer) {
      if (answer.status === 503 || answer.status === 502 || answer.status === 504) { throw new Error('busy'); }
      return answer.text().then(function (html) { arrived(answer.ok, html); });
    }).catch(later);
  }

  function arrived(ok, html) {
    if (ok && pending.indexOf('submission=') >= 0) { store.set('done', pending); }
    store.drop('pending');
    pending = '';
    busy = false;
    wait = 0;
    var page = new DOMParser().parseFromString(html, 'text/html').getElementById('page');
    if (!page) { location.reload(); return; }
    var old = document.getElementById('page');
    old.parentNode.replaceChild(document.importNode(page, true), old);
    window.scrollTo(0, 0);
    need(init);
  }

  // A page that came in place of another may be the first with a pad.
  function need(next) {
    if (!document.querySelector('.pad') || window.SignaturePad) { next(); return; }
    var script = document.createElement('script');
    script.src = '/open/static/vendor/signature_pad.js';
    script.onload = next;
    script.onerror = function () { script.parentNode.removeChild(script); setTimeout(function () { need(next); }, 3000); };
    document.head.appendChild(script);
  }

  function later() {
    busy = false;
    wait = Math.min(wait ? wait * 2 : 2000, 15000);
    tell('offline');
    timer = setTimeout(send, wait);
  }

  function tell(what) {
    var told = document.getElementById('told');
    told.textContent = told.getAttribute('data-' + what);
    told.hidden = false;
  }

  function lock(on) { each('form[data-send] button', function (button) { button.disabled = on; }); }

  window.addEventListener('online', function () { wait = 0; send(); });

  // --- the pad
  function pad(box) {
    var canvas = box.querySelector('canvas');
    var pen = new window.SignaturePad(canvas, { minWidth: 1.4, maxWidth: 4, dotSize: 3, penColor: '#10182b', minDistance: 2, throttle: 8 });
    var width = 0, height = 0;

    function fit() {
      var w = canvas.clientWidth, h = canvas.clientHeight, ratio = Math.min(Math.max(window.devicePixelRatio || 1, 1), 3);
      if (!w || !h || (w === width && h === height)) { return; }
      var groups = pen.toData(), turned = width > 0;
      if (turned) { groups = moved(groups, width, height, w, h); }
      width = w;
      height = h;
      canvas.width = w * ratio;
      canvas.height = h * ratio;
      canvas.getContext('2d').scale(ratio, ratio);
      show(groups);
      if (turned) { // not before what was kept is back
        save();
        if (groups.length) { box.scrollIntoView({ block: 'center' }); }
      }
    }

    function show(groups) {
      pen.clear();
      if (groups.length) { pen.fromData(groups); }
      box.classList.toggle('inked', groups.length > 0);
    }

    // To where it stood in the box before, smaller only when it would not fit.
    function moved(groups, w0, h0, w, h) {
      var all = [].concat.apply([], groups.map(function (group) { return group.points; }));
      if (!all.length) { return groups; }
      var x = span(all, 'x'), y = span(all, 'y'), scale = Math.min(1, (w - 16) / (x.wide || 1), (h - 16) / (y.wide || 1));
      var left = place(x, scale, w0, w), top = place(y, scale, h0, h);
      return groups.map(function (group) {
        return Object.assign({}, group, { points: group.points.map(function (p) {
          return { x: (p.x - x.least) * scale + left, y: (p.y - y.least) * scale + top, pressure: p.pressure, time: p.time };
        }) });
      });
    }

    function span(points, axis) {
      var found = points.map(function (p) { return p[axis]; }), least = Math.min.apply(null, found), most = Math.max.apply(null, found);
      return { least: least, wide: most - least, middle: (least + most) / 2 };
    }

    function place(along, scale, before, now) {
      var wanted = along.middle / before * now - along.wide * scale / 2;
      return Math.max(0, Math.min(wanted, now - along.wide * scale));
    }

    function save() {
      if (pen.toData().length) { store.set('ink', JSON.stringify({ w: width, h: height, groups: pen.toData() })); } else { store.drop('ink'); }
    }

    function lines() {
      return pen.toData().map(function (group) {
        return group.points.map(function (p) { return [Math.round(p.x * 10) / 10, Math.round(p.y * 10) / 10, Math.round(p.time)]; });
      });
    }

    // Old browsers do not know touch-action, and new ones forget it for a moment when the phone is turned: writing never scrolls.
    ['touchstart', 'touchmove'].forEach(function (name) {
      canvas.addEventListener(name, function (event) { if (event.cancelable) { event.preventDefault(); } }, { passive: false });
    });
    pen.addEventListener('beginStroke', function () {
      box.classList.add('inked');
      box.querySelector('.refused').hidden = true;
    });
    pen.addEventListener('endStroke', function () {
      var groups = pen.toData(), points = groups[groups.length - 1].points, last = points[points.length - 1];
      points.push({ x: last.x, y: last.y, pressure: last.pressure, time: Date.now() }); // how long a finger rested
      save();
    });
    box.querySelector('.undo').addEventListener('click', function () { show(pen.toData().slice(0, -1)); save(); });
    box.querySelector('.clear').addEventListener('click', function () { show([]); save(); });
    window.addEventListener('resize', fit);
    window.addEventListener('orientationchange', function () { setTimeout(fit, 300); });
    fit();
    try {
      var kept = JSON.parse(store.get('ink') || 'null');
      if (kept && kept.groups.length) { show(moved(kept.groups, kept.w, kept.h, width, height)); save(); }
    } catch (e) { store.drop('ink'); }

    return {
      strokes: function () { return JSON.stringify({ w: width, h: height, lines: lines() }); },
      // The same rule as papers/strokes.py: nothing, or taps without a movement.
      blank: function () {
        var went = 0, rested = 0;
        lines().forEach(function (line) {
          rested = Math.max(rested, line[line.length - 1][2] - line[0][2]);
          for (var n = 1; n < line.length; n++) { went += Math.hypot(line[n][0] - line[n - 1][0], line[n][1] - line[n - 1][1]); }
        });
        return went < 0.05 * Math.min(width, height) && rested < 600;
      }
    };
  }

  init();
})();
