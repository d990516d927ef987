/// Shows the rows that the filter asks for, tells how many, and draws the charts of these. Deletions go
/// by their date only. The filter
/// stands in the address behind `#`, so that a view can be kept and printed.
enum PageScript {
  static let text = #"""
    'use strict';
    const form = document.getElementById('filter');
    if (form) {
      const rows = [...document.querySelectorAll('#archives tbody tr')];
      const shown = document.getElementById('shown');
      const names = ['to', 'job', 'from', 'until'].filter(name => form.elements[name]);
      const erasures = [...document.querySelectorAll('#erasures tbody tr')];
      const gone = document.getElementById('gone');
      const grouped = number => number.toLocaleString('en-US');
      const words = (number, noun) => grouped(number) + ' ' + noun + (number === 1 ? '' : 's');

      const apply = () => {
        const want = Object.fromEntries(names.map(name => [name, form.elements[name].value]));
        const days = new Map(), to = new Map();
        let archives = 0, records = 0;
        for (const row of rows) {
          const data = row.dataset, recipients = data.to.split(' ');
          const fits = (!want.to || recipients.includes(want.to))
            && (!want.job || data.job === want.job)
            && isWithin(data.day, want);
          row.hidden = !fits;
          if (!fits) continue;
          const count = Number(data.records);
          archives += 1;
          records += count;
          days.set(data.bar, (days.get(data.bar) || 0) + count);
          for (const name of recipients) to.set(name, (to.get(name) || 0) + count);
        }
        const some = names.some(name => want[name]);
        if (shown) {
          shown.textContent = (some ? grouped(archives) + ' of ' + words(rows.length, 'archive')
            : words(archives, 'archive')) + ', ' + words(records, 'record');
          draw(days, to);
        }
        applyToErasures(want);
        return want;
      };

      const isWithin = (day, want) =>
        (!want.from || day >= want.from) && (!want.until || day <= want.until);

      const applyToErasures = want => {
        let runs = 0, vids = 0;
        for (const row of erasures) {
          row.hidden = !isWithin(row.dataset.day, want);
          if (row.hidden) continue;
          runs += 1;
          vids += Number(row.dataset.vids);
        }
        if (!gone) return;
        gone.textContent = (want.from || want.until ? grouped(runs) + ' of '
          + words(erasures.length, 'run') : words(runs, 'run')) + ', ' + words(vids, 'VID');
      };

      const draw = (days, to) => {
        const top = svg => Number(document.getElementById(svg).dataset.top);
        for (const bar of document.querySelectorAll('#days .bar')) {
          const height = bar.dataset.plot * (days.get(bar.dataset.bar) || 0) / top('days');
          bar.setAttribute('height', height);
          bar.setAttribute('y', bar.dataset.base - height);
        }
        for (const bar of document.querySelectorAll('#recipients .bar')) {
          bar.setAttribute('width', bar.dataset.plot * (to.get(bar.dataset.to) || 0) / top('recipients'));
        }
        for (const text of document.querySelectorAll('#recipients .value')) {
          text.textContent = grouped(to.get(text.dataset.value) || 0);
        }
      };

      const keep = () => {
        const want = apply(), kept = new URLSearchParams();
        for (const name of names) if (want[name]) kept.set(name, want[name]);
        history.replaceState(null, '', kept.size ? '#' + kept : location.pathname + location.search);
      };
      const recall = () => {
        const kept = new URLSearchParams(location.hash.slice(1));
        for (const name of names) form.elements[name].value = kept.get(name) || '';
        apply();
      };

      form.hidden = false;
      form.addEventListener('input', keep);
      form.addEventListener('submit', event => event.preventDefault());
      form.addEventListener('reset', () => setTimeout(keep));
      addEventListener('hashchange', recall);
      recall();
    }
    """#
}
