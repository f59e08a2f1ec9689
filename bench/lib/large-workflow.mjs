/** A workflow of about `bytes` characters with the mix that people write: variables, conditions, loops, calls, messages. */
export function largeWorkflow(bytes) {
  const parts = ["name: large\ninputs:\n  - { name: url, type: string, required: true }\nsteps:\n"];
  let length = parts[0].length;
  for (let index = 0; length < bytes; index += 1) {
    const part = group(index);
    parts.push(part);
    length += part.length;
  }
  return parts.join("");
}

function group(index) {
  const earlier = index === 0 ? "inputs.url" : `steps.call_${index - 1}.output.data.items`;
  return `  - name: prepare_${index}
    type: data.set
    with:
      owner_${index}: "{{ event.owner | default: 'nobody' | downcase }}"
      items_${index}: "\${{ ${earlier} }}"
      text_${index}: |
        {% assign total = 0 %}
        {% for item in event.items %}{% assign total = total | plus: item.count %}{% endfor %}
        There are {{ total }} in {{ event.region | upcase }}, seen by {{ inputs.url | split: "/" | last }}.
  - name: call_${index}
    type: http
    with:
      url: "{{ inputs.url }}/items/{{ event.id | url_encode }}"
      method: POST
      headers: { Content-Type: application/json, X-Owner: "{{ variables.owner_${index} }}" }
      body: { id: "{{ event.id }}", tags: "\${{ event.tags }}", note: "Item {{ event.name }} of group ${index}" }
    timeout: 30s
    on-failure:
      retry: { max-attempts: 2, delay: 2s }
      continue: true
  - name: when_many_${index}
    type: if
    condition: "steps.call_${index}.output.status >= 200 and not steps.call_${index}.error: *"
    steps:
      - name: each_${index}
        type: foreach
        foreach: "\${{ steps.call_${index}.output.data.items }}"
        steps:
          - name: tell_${index}
            type: console
            with: { message: "{{ foreach.index }} of {{ foreach.total }}: {{ foreach.item | json }}" }
`;
}
