"""What Qpid Proton does against a broker: `python3 proton_client.py URL QUEUE CA_FILE`. Prints a line for each thing that worked."""

import sys

from proton import Message, SSLDomain, symbol
from proton.utils import BlockingConnection, LinkDetached
from proton.reactor import AtLeastOnce, AtMostOnce

url, queue, ca_file = sys.argv[1:4]


def done(what):
    print("ok " + what, flush=True)


tls = SSLDomain(SSLDomain.MODE_CLIENT)
tls.set_trusted_ca_db(ca_file)
tls.set_peer_authentication(SSLDomain.VERIFY_PEER_NAME)
connection = BlockingConnection(
    url, timeout=10, allowed_mechs="PLAIN", ssl_domain=tls if url.startswith("amqps:") else None
)
sender = connection.create_sender(queue)
for n in range(50):
    sender.send(Message(body="message %d" % n, id="p%d" % n, durable=True, properties={"n": n}))
done("send")

receiver = connection.create_receiver(queue, credit=2)
first = receiver.receive(timeout=10)
assert first.body == "message 0" and first.id == "p0" and first.properties["n"] == 0, first
assert first.annotations[symbol("x-opt-sequence-number")] >= 1
receiver.accept()
second = receiver.receive(timeout=10)
receiver.release(delivered=True)
receiver.close()
done("receive, accept, release")

receiver = connection.create_receiver(queue, credit=60, options=AtMostOnce())
bodies = {receiver.receive(timeout=10).body for _ in range(49)}
assert len(bodies) == 49 and second.body in bodies, len(bodies)
receiver.close()
done("receive settled")

try:
    connection.create_receiver("no-such-queue")
    raise AssertionError("a receiver of nothing was made")
except LinkDetached as error:
    assert "not-found" in str(error) or "could not be found" in str(error), error
done("refused")
connection.close()
