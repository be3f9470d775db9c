import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Asks an endpoint one query in each way that Java's own client has; it would rather have HTTP/2. */
class Ask {
  public static void main(String[] arguments) throws Exception {
    URI endpoint = URI.create(arguments[0]);
    byte[] query = arguments[1].getBytes(StandardCharsets.UTF_8);
    String field = "query=" + URLEncoder.encode(arguments[1], StandardCharsets.UTF_8);
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest.Builder any = HttpRequest.newBuilder(endpoint).header("Accept", "text/csv");
    BodyPublisher chunks = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(query));
    String form = "application/x-www-form-urlencoded";
    String direct = "application/sparql-query";
    HttpRequest[] requests = {
      any.copy().header("Content-Type", direct).POST(chunks).build(),
      any.copy().header("Content-Type", form).POST(BodyPublishers.ofString(field)).build(),
      any.copy().uri(URI.create(endpoint + "?" + field)).GET().build(),
      any.copy().header("Content-Type", direct).POST(chunks).expectContinue(true).build(),
    };
    for (HttpRequest request : requests) {
      var response = client.send(request, HttpResponse.BodyHandlers.ofString());
      System.out.println(response.statusCode() + " " + response.body().replace("\r\n", "|"));
    }
  }
}
